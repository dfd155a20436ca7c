/**
 * Which encoding a value gets, and what MEMORY USAGE says of it: a server on a simulated machine is asked over its socket.
 *
 *     node -r ts-node/register docs/examples/encodings.ts
 */
import { SimWorld } from '../../posix/posix_sim.ts';
import { AF_INET, SOCK_STREAM, sockaddr, usePosix } from '../../posix/posix.ts';
import { main } from '../../server/server.ts';

const world = new SimWorld(1);
const machine = world.host('10.0.0.1');
usePosix(machine);
main(['redis-server', '--save', '', '--logfile', '/log', '--protected-mode', 'no']);
world.advance(100_000);

// A client on another machine. While its read blocks, the world goes on, and the server in it.
const sa = new sockaddr();
sa.sa_family = AF_INET;
sa.address = '10.0.0.1';
sa.port = 6379;
const client = world.host('10.0.0.2');
const fd = client.socket(AF_INET, SOCK_STREAM, 0);
client.connect(fd, sa);

/** Sends one command and returns the last line of its reply. */
function ask(...args: string[]): string {
  const request = Buffer.from(
    `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`,
  );
  client.write(fd, request, 0, request.length);
  const reply = Buffer.alloc(512);
  const n = client.read(fd, reply, 0, reply.length);
  return reply.latin1Slice(0, n).split('\r\n').at(-2)!.replace(/^[+:]/, '');
}

function show(title: string): void {
  const encoding = ask('OBJECT', 'ENCODING', 'k');
  const refs = ask('OBJECT', 'REFCOUNT', 'k');
  const shared = refs === '2147483647' ? 'shared' : '';
  const line = `${title.padEnd(28)} ${encoding.padEnd(7)} ${ask('MEMORY', 'USAGE', 'k').padStart(4)} ${shared}`;
  console.log(line.trimEnd());
}

for (const value of ['42', '10000', '9223372036854775807', '9223372036854775808', '007', 'hello']) {
  ask('SET', 'k', value);
  show(`SET k ${value}`);
}
for (const length of [44, 45, 100]) {
  ask('SET', 'k', 'a'.repeat(length));
  show(`SET k, ${length} bytes`);
}
ask('SET', 'k', 'hello');
ask('APPEND', 'k', '!');
show('hello, APPEND k !');
ask('APPEND', 'k', 'b'.repeat(30));
show('and APPEND k, 30 bytes');
ask('SET', 'k', '42');
ask('APPEND', 'k', '1');
show('42, APPEND k 1');
ask('INCR', 'k');
show('and INCR k');
process.exit(0);
