import { spawn } from 'node:child_process';
import { Keyspace } from './keyspace.ts';
import { RespClient } from '../support/resp.ts';
const port = 23917;
const real = spawn('/usr/bin/redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--enable-debug-command','yes'], { cwd: '/tmp/diffz', stdio: 'ignore' });
let seed = Number(process.argv[2] ?? 1);
const rnd = (n: number) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % n; };
const pick = <T>(a: T[]): T => a[rnd(a.length)];
const keys = ['k1', 'k2', 'k3', 'a', ''];
const ints = ['0', '1', '-1', '5', '9999', '10000', '10001', '9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775807', '-9223372036854775808', '9223372036854775806', '-9223372036854775807', '9223372036854775808', '01', '+1', '-0', ' 1', '1 ', '', 'x', '4611686018427387904','-9007199254740992', '123456789012345678'];
const small = ['0','1','2','3','-1','-2','-3','5','10','43','44','45','100','-100', '9223372036854775807','-9223372036854775808','x'];
const floats = ['0', '1', '1.5', '-1.5', '3.0e3', '1e400', '1e4000', 'nan', 'inf', '-inf', '0.1', '0.2', '1e-20', '123456789.123456789', '12345678901234567890', 'x', '', ' 1', '0x10', '1e17','5e-324'];
const vals = [...ints, ...floats, 'a'.repeat(44), 'a'.repeat(45), 'hello world', 'abcabc', '\0bin\xff', 'x'.repeat(300)];
const opts = ['NX', 'XX', 'GET', 'KEEPTTL', 'EX', 'PX', 'EXAT', 'PXAT', 'PERSIST', '100', '0', '-1', '9223372036854775', '9223372036854776', '9223372036854775807', '1', 'LEN', 'IDX', 'MINMATCHLEN', 'WITHMATCHLEN', 'GT', 'LT', 'DB', '1', 'REPLACE', 'MATCH', 'COUNT', 'TYPE', 'string', '*','bogus', '99999999999'];
const o = (n: number) => Array.from({ length: rnd(n + 1) }, () => pick(opts));
const sub = (a: string[], n: number) => Array.from({ length: rnd(n + 1) }, () => pick(a));
const gens: (() => string[])[] = [
  () => ['SET', pick(keys), pick(vals), ...o(3)], () => ['SET', pick(keys), pick(vals)], () => ['GET', pick(keys)], () => ['GETSET', pick(keys), pick(vals)],
  () => ['SETNX', pick(keys), pick(vals)], () => ['SETEX', pick(keys), pick(ints), pick(vals)], () => ['PSETEX', pick(keys), pick(ints), pick(vals)],
  () => ['GETEX', pick(keys), ...o(3)], () => ['GETEX', pick(keys), pick(['EX','PX','EXAT','PXAT']), pick([...ints,'99999999999','9999999999999'])], () => ['GETDEL', pick(keys)],
  () => ['SETRANGE', pick(keys), pick(small.filter(x => x.length < 10)), pick(['', 'x', 'yy', 'zzz'])], () => ['GETRANGE', pick(keys), pick(small), pick(small)], () => ['SUBSTR', pick(keys), pick(small), pick(small)],
  () => ['MGET', ...sub(keys, 4)], () => ['MSET', ...sub(vals, 5)], () => ['MSETNX', ...sub(vals, 5)],
  () => [pick(['INCR', 'DECR']), pick(keys)], () => [pick(['INCRBY', 'DECRBY']), pick(keys), pick(ints)], () => ['INCRBYFLOAT', pick(keys), pick(floats)],
  () => ['APPEND', pick(keys), pick(vals)], () => ['STRLEN', pick(keys)], () => ['LCS', pick(keys), pick(keys), ...o(3)], () => ['LCS', pick(keys), pick(keys), pick(['IDX','LEN','WITHMATCHLEN']), pick(['MINMATCHLEN','IDX','WITHMATCHLEN']), pick(['2','0','1','x','IDX'])],
  () => ['DEL', ...sub(keys, 3)], () => ['UNLINK', pick(keys)], () => ['EXISTS', ...sub(keys, 4)], () => ['TYPE', pick(keys)], () => ['RENAME', pick(keys), pick(keys)], () => ['RENAMENX', pick(keys), pick(keys)],
  () => ['MOVE', pick(keys), pick(['0', '1', '15', '16', '-1', 'x', '2'])], () => ['COPY', pick(keys), pick(keys), ...o(3)], () => ['COPY', pick(keys), pick(keys), 'DB', pick(['0','1','2','16','x'])], () => ['SWAPDB', pick(['0', '1', 'x', '16']), pick(['0', '1', '2', 'x'])], () => ['DBSIZE'], () => ['SELECT', pick(['0', '1', '0', '0', '16', 'x', '-1'])],
  () => ['OBJECT', pick(['ENCODING', 'REFCOUNT', 'FREQ', 'HELP', 'bogus']), ...sub(keys, 2)], () => ['OBJECT', pick(['ENCODING', 'REFCOUNT', 'IDLETIME']), pick(keys)],
  () => [pick(['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT']), pick(keys), pick([...ints, '1000', '99999999999', '9999999999999','9223372036854775','-9223372036854775','-9223372036854776', '9221372036854775807'])], () => [pick(['EXPIRE', 'EXPIREAT']), pick(keys), pick(['1000', '99999999999', '2000', '99999999998']), ...o(2)], () => [pick(['EXPIRE', 'EXPIREAT']), pick(keys), pick(['1000', '99999999999', '2000', '99999999998']), pick(['NX','XX','GT','LT'])],
  () => [pick(['TTL', 'EXPIRETIME', 'PEXPIRETIME']), pick(keys)], () => ['PERSIST', pick(keys)], () => ['TOUCH', ...sub(keys, 3)], () => ['KEYS', pick(['*', 'k*', 'k[12]', '?', '', '[^k]*'])],
  () => ['SCAN', pick(['0', 'x', ' 1', '-1', '', '18446744073709551615', '18446744073709551616', '1x']), ...o(3)], () => ['MEMORY', 'USAGE', pick(keys), ...pick([[], ['SAMPLES', '0'], ['SAMPLES', '-1'], ['SAMPLES'], ['bogus']])], () => ['MEMORY', pick(['HELP', 'PURGE', 'bogus'])], () => ['RANDOMKEY'],
  () => [pick(['FLUSHDB', 'FLUSHALL']), ...pick([[], ['ASYNC'], ['SYNC'], ['x'], ['SYNC', 'ASYNC']])],
  () => ['COMMAND','GETKEYS','SET','a','b',...o(2)], ()=>['COMMAND','GETKEYSANDFLAGS',pick(['SET','GET','MSET','DEL','LCS','COPY','RENAME']),...sub(['a','b','GET','c'],5)], () => ['SHUTDOWN', pick(['bogus','ABORT']), 'NOSAVE'], () => ['SHUTDOWN','ABORT'],
];
async function main() {
  let c: RespClient | null = null;
  for (let i = 0; i < 100 && !c; i++) { try { c = await RespClient.connect(port); } catch { await new Promise((r) => setTimeout(r, 50)); } }
  const ks = new Keyspace();
  ks.world.epoch = Date.now() * 1000 - ks.world.now;
  let bad = 0;
  const seen = new Set<string>();
  for (const verb of ['2','3']) {
  ks.run('HELLO', verb); await c!.command('HELLO', verb);
  for (let i = 0; i < 15000 && bad < 40; i++) {
    const cmd = pick(gens)();
    if (cmd[0] === 'SET' && rnd(400) === 0) { const p = pick(['allkeys-lfu','noeviction','allkeys-lru']); ks.run('CONFIG','SET','maxmemory-policy',p,'maxmemory',pick(['0','1gb'])); const cur = ks.run('CONFIG','GET','maxmemory*').match(/maxmemory\r\n\$\d+\r\n(\d+)/)![1]; await c!.command('CONFIG','SET','maxmemory-policy',p,'maxmemory',cur); }
    ks.world.epoch = Date.now() * 1000 - ks.world.now;
    let ours: string;
    try { ours = ks.run(...cmd); } catch (e) { ours = 'EXC ' + (e as Error).stack; }
    let theirs = (await c!.command(...cmd)).raw;
    const srt = (s: string) => cmd[0] === 'KEYS' || cmd[0] === 'SCAN' || cmd[0]==='RANDOMKEY' ? [...s].sort().join('') : s;
    if (cmd[0] === 'RANDOMKEY' ) { continue; }
    if (srt(ours) !== srt(theirs)) {
      const near = (cmd[0].endsWith('TTL') || cmd[0].endsWith('EXPIRETIME')) && Math.abs(Number(ours.slice(1)) - Number(theirs.slice(1))) <= 1100;
      const key = cmd[0] + cmd[1] + theirs.slice(0, 25);
      if (!near && !seen.has(key)) { seen.add(key); bad++; console.log(i, JSON.stringify(cmd), '\n   ours  ', JSON.stringify(ours.slice(0, 400)), '\n   theirs', JSON.stringify(theirs.slice(0, 300))); }
    }
  }
  }
  console.log('done', bad, 'used', ks.server.ledger.used);
  ks.run('SELECT','0'); const u0 = ks.server.ledger.used; ks.run('FLUSHALL'); console.log('after flush', u0, ks.server.ledger.used);
  c!.close();
}
main().catch((e) => console.log(e)).finally(() => { real.kill(); });
