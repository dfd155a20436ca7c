import { Keyspace } from './server/keyspace.ts';
import { createStringObject } from '../object/object.ts';
import { processCommand } from '../server/server.ts';
import { resetClient } from '../networking/networking.ts';
import { listEmpty } from '../object/adlist.ts';
const ks = new Keyspace(); const c = ks.client;
function run(argv: string[]) { c.argv = argv.map(createStringObject); c.argc = argv.length; ks.server.current_client=c; processCommand(c); c.bufpos=0; listEmpty(c.reply); c.reply_bytes=0; resetClient(c); }
function bench(name: string, n: number, per: number, argv: string[], before?: ()=>void) {
  before?.(); for (let i=0;i<n/4;i++) run(argv);
  const t=process.cpuUsage(); for (let i=0;i<n;i++) run(argv); const u=process.cpuUsage(t);
  console.log(name.padEnd(14), ((u.user+u.system)*1000/n/per).toFixed(0)+' ns', per>1?'per element':'');
}
if (process.argv[3]) { c.buf_usable_size = 64; }
const which = process.argv[2] ?? '';
for (let round=0; round<2; round++) {
if (!which||which==='push') bench('LPUSH', 300000, 1, ['LPUSH','p','xxx']);
if (!which||which==='push') bench('RPUSH', 300000, 1, ['RPUSH','p','xxx']);
if (!which||which==='pop') { for (let i=0;i<400000;i++) run(['RPUSH','p','xxx']); bench('LPOP', 300000, 1, ['LPOP','p']); for (let i=0;i<400000;i++) run(['RPUSH','p','xxx']); bench('RPOP', 300000, 1, ['RPOP','p']); }
run(['DEL','l']); for (let i=0;i<1000;i++) run(['RPUSH','l','xxx']);
if (!which||which==='lrange') { bench('LRANGE_100', 10000, 100, ['LRANGE','l','0','99']); bench('LRANGE_600', 3000, 600, ['LRANGE','l','0','599']); }
run(['DEL','i']); for (let i=0;i<1000;i++) run(['RPUSH','i',String(i*1000)]);
if (!which||which==='lrange') bench('ints_100', 10000, 100, ['LRANGE','i','0','99']);
run(['DEL','b']); for (let i=0;i<1000;i++) run(['RPUSH','b','x'.repeat(200)]);
if (!which||which==='lrange') bench('big_100', 10000, 100, ['LRANGE','b','0','99']);
}
