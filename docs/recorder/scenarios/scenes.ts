/**
 * Scenes of the server's life that no single command shows.
 *
 * Who calls in: scenario.ts. Whom it calls: nobody.
 */
import type { SceneEntry } from './scenario.ts';

export const scenes: SceneEntry[] = [
  {
    id: 'start',
    title: 'The server starts',
    about:
      'From main to the first sleep: configuration, the command table, the event loop, the listening sockets, the timer.',
    fromStart: true,
    trigger: [],
  },
  {
    id: 'start-file',
    title: 'The server starts with a configuration file',
    about:
      'The file is read line by line; a Unix socket is opened besides, and the pid is written to a file.',
    fromStart: true,
    args: ['/redis.conf'],
    setup: [
      "%file /redis.conf 'port 6379' 'bind 127.0.0.1' 'unixsocket /tmp/redis.sock' 'pidfile /tmp/redis.pid' 'save 900 1'",
    ],
    trigger: [],
  },
  {
    id: 'version',
    title: 'redis-server --version',
    about: 'Tells its version and leaves.',
    fromStart: true,
    args: ['--version'],
    trigger: [],
  },
  {
    id: 'check-system',
    title: 'redis-server --check-system',
    about:
      'Looks for settings of the machine that do Redis no good, says what it found, and leaves. The first check reads the clock for 50 ms.',
    fromStart: true,
    args: ['--check-system'],
    trigger: [],
  },
  {
    id: 'daemonize',
    title: 'The server goes into the background',
    about:
      'The first process starts the program once more, in a session of its own, and leaves; in the second one daemonize returns, and it becomes the server.',
    fromStart: true,
    args: ['--daemonize', 'yes', '--pidfile', '/tmp/redis.pid'],
    trigger: [],
  },
  {
    id: 'accept',
    title: 'A client connects',
    about:
      'The listening socket becomes readable; the connection is accepted, gets a client, and its read handler is installed.',
    trigger: ['%new A'],
  },
  {
    id: 'turn',
    title: 'One turn of the loop with work',
    about: 'A query comes in, is executed, and its reply is written before the next sleep.',
    setup: ['%new A'],
    trigger: ['PING'],
  },
  {
    id: 'idle',
    title: 'One turn of the loop without work',
    about: 'Nobody speaks: the loop wakes up for its timer only.',
    trigger: ['%sleep 0.1'],
  },
  {
    id: 'pipeline',
    title: 'A batch of commands in one piece',
    about: 'Three queries arrive together: one read, three commands, one write.',
    setup: ['%new A'],
    trigger: [
      '%raw A "*3\\r\\n$3\\r\\nSET\\r\\n$4\\r\\nname\\r\\n$3\\r\\ntom\\r\\n*2\\r\\n$3\\r\\nGET\\r\\n$4\\r\\nname\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n"',
    ],
  },
  {
    id: 'look-ahead',
    title: 'A batch in a large keyspace',
    about:
      'Three queries arrive together. While the first is executed nobody waits for the others; then their keys are fetched from memory side by side.',
    setup: ['%new A', 'DEBUG POPULATE 5000'],
    trigger: [
      '%raw A "*2\\r\\n$3\\r\\nGET\\r\\n$5\\r\\nkey:7\\r\\n*2\\r\\n$3\\r\\nGET\\r\\n$8\\r\\nkey:4000\\r\\n*2\\r\\n$3\\r\\nGET\\r\\n$8\\r\\nkey:4999\\r\\n"',
    ],
  },
  {
    id: 'partial',
    title: 'A query in two pieces',
    about:
      'The first piece ends within an argument: the parser keeps what it has, and goes on when the rest comes.',
    setup: ['%new A'],
    trigger: ['%raw A "*2\\r\\n$3\\r\\nGET\\r\\n$4\\r\\nna"', '%raw A "me\\r\\n"'],
  },
  {
    id: 'big-argument',
    title: 'A big argument',
    about: 'An argument of 32 kB and more is read into a buffer of its own, and not copied.',
    setup: ['%new A'],
    trigger: [
      '%raw A "*3\\r\\n$3\\r\\nSET\\r\\n$4\\r\\nname\\r\\n$40000\\r\\n"',
      `%raw A "${'x'.repeat(40000)}\\r\\n"`,
    ],
  },
  {
    id: 'big-reply',
    title: 'A reply that does not fit',
    about:
      'The client does not read, and its socket is full: the write handler is installed, and writes the rest when there is room.',
    setup: [
      `%raw A "*3\\r\\n$3\\r\\nSET\\r\\n$3\\r\\nbig\\r\\n$400000\\r\\n${'x'.repeat(400000)}\\r\\n"`,
      '%sleep 0.05',
      '%mute A',
    ],
    trigger: ['GET big', '%read A', '%sleep 0.02'],
  },
  {
    id: 'protocol-error',
    title: 'A client that does not speak the protocol',
    about: 'An error is replied, and the connection is closed once that is written.',
    setup: ['%new A'],
    trigger: ['%raw A "*1\\r\\nhello\\r\\n"'],
  },
  {
    id: 'unknown-command',
    title: 'An unknown command',
    about: 'The command is not in the table: an error names it and its arguments.',
    trigger: ['NOSUCH a b'],
  },
  {
    id: 'disconnect',
    title: 'A client goes away',
    about:
      'The read returns nothing: the client is freed, with its buffers and its place in the lists.',
    setup: ['SET name tom'],
    trigger: ['%close A'],
  },
  {
    id: 'timeout',
    title: 'A client is silent for too long',
    about: 'With `timeout 1`, the cron finds a client that has said nothing for a second.',
    setup: ['CONFIG SET timeout 1', '%close A', '%new B'],
    trigger: ['%sleep 2.1'],
  },
  {
    id: 'cron',
    title: 'serverCron, one call',
    about: 'Ten times a second: clocks, statistics, clients, databases.',
    setup: ['SET name tom', 'EXPIRE name 100'],
    trigger: ['%sleep 0.1'],
  },
  {
    id: 'active-expiry',
    title: 'Keys expire that nobody asks for',
    about: 'The cron samples the keys with a time to live, and deletes those whose time has come.',
    setup: ['SET a 1 PX 150', 'SET b 2 PX 150', 'SET c 3 EX 100'],
    trigger: ['%sleep 0.25'],
  },
  {
    id: 'rehash',
    title: 'A dictionary grows',
    about:
      'The fifth key does not fit into four buckets: a second table is made, and the keys move over step by step.',
    setup: ['%many SET key:%d v 4'],
    trigger: ['SET key:4 v', 'GET key:0', 'GET key:1'],
  },
  {
    id: 'client-kill',
    title: 'A client is killed by another',
    about: 'CLIENT KILL frees the client at once, or after its reply when it kills itself.',
    setup: ['%new A', '%new B'],
    trigger: ['CLIENT KILL ADDR 127.0.0.1:50313'],
  },
  {
    id: 'max-clients',
    title: 'Too many clients',
    about: 'One client more than `maxclients` allows: it is told so, and turned away.',
    setup: ['CONFIG SET maxclients 1'],
    trigger: ['%new B'],
  },
  {
    id: 'evict',
    title: 'Memory is full',
    about:
      'More is used than `maxmemory` allows, since it was lowered just now: a command that may need memory first makes room.',
    setup: ['CONFIG SET maxmemory-policy allkeys-random', '%many %fill key:%d 10000 10'],
    trigger: ['%raw A "CONFIG SET maxmemory 350000\\r\\nSET a b\\r\\n"'],
  },
  {
    id: 'evict-lru',
    title: 'Old keys go for a new one',
    about:
      'More is used than `maxmemory` allows: before the command runs, the keys go that were not used for longest.',
    setup: ['CONFIG SET maxmemory-policy allkeys-lru', '%many %fill key:%d 10000 10'],
    trigger: ['%raw A "CONFIG SET maxmemory 350000\\r\\nSET a b\\r\\n"'],
  },
  {
    id: 'evict-timer',
    title: 'Memory is made free bit by bit',
    about:
      'The limit is lowered far below what is used: keys are evicted for some time, and a timer goes on with it later.',
    setup: ['CONFIG SET maxmemory-policy allkeys-lru', '%many %fill key:%d 1000 200'],
    trigger: ['CONFIG SET maxmemory 450000', 'SET a b'],
  },
  {
    id: 'evict-lfu',
    title: 'The least frequently used keys go first',
    about: 'With the policy `allkeys-lfu` the counters of sampled keys decide.',
    setup: ['CONFIG SET maxmemory-policy allkeys-lfu', '%many %fill key:%d 1000 200'],
    trigger: ['CONFIG SET maxmemory 450000', 'SET a b'],
  },
  {
    id: 'oom',
    title: 'Memory is full, and nothing may be evicted',
    about: 'With the policy `noeviction` a command that may need memory is refused.',
    setup: ['CONFIG SET maxmemory 1'],
    trigger: ['SET c 3'],
  },
  {
    id: 'block-serve',
    title: 'A blocked client is served',
    about:
      'A client waits at an empty list: it is entered under the key. Another one pushes: the key is ready, and once the command is done the element goes to the one who waits.',
    setup: ['%new A', '%new B'],
    trigger: ['B> BLPOP names 0', 'RPUSH names tom'],
  },
  {
    id: 'block-order',
    title: 'Two clients wait for one list',
    about:
      'One element comes: it goes to the client that has waited for longer; the other waits on.',
    setup: ['B> BLPOP names 0', 'C> BLPOP names 0'],
    trigger: ['RPUSH names tom'],
  },
  {
    id: 'block-timeout',
    title: 'A blocked client has waited for long enough',
    about:
      'The ends of all waits are in a tree, in order: before the loop sleeps, the first ones are looked at, and whose time has come is told that there is nothing.',
    setup: ['%new B'],
    trigger: ['B> BLPOP names 0.05', '%sleep 0.1'],
  },
  {
    id: 'block-disconnect',
    title: 'A blocked client goes away',
    about: 'It is taken out of the list of those who wait for the key before it is freed.',
    setup: ['B> BLPOP names 0'],
    trigger: ['%close B'],
  },
  {
    id: 'block-unblock',
    title: 'A blocked client is set free by another',
    about: 'CLIENT UNBLOCK does what the end of its time would have done, or gives it an error.',
    setup: ['B> BLPOP names 0'],
    trigger: ['CLIENT UNBLOCK @id(B) ERROR'],
  },
  {
    id: 'block-chain',
    title: 'One push serves a chain of clients',
    about:
      'What one client moves on to a second list is what another waits for there: keys are served until none is ready any more.',
    setup: ['B> BLMOVE todo done LEFT RIGHT 0', 'C> BLPOP done 0'],
    trigger: ['RPUSH todo write'],
  },
  {
    id: 'convert-hash',
    title: 'A small hash becomes a hash table',
    about:
      'One field more than `hash-max-listpack-entries` allows: all fields move from the listpack to a table.',
    setup: ['CONFIG SET hash-max-listpack-entries 4', '%many HSET user field:%d v 4'],
    trigger: ['HSET user field:4 v'],
  },
  {
    id: 'convert-zset',
    title: 'A small sorted set becomes a skiplist',
    about:
      'An element longer than `zset-max-listpack-value` allows: all elements move from the listpack to a skiplist with a dict beside it.',
    setup: ['ZADD ages 10 ann 20 bob 30 dan'],
    trigger: [`ZADD ages 40 ${'e'.repeat(80)}`],
  },
  {
    id: 'convert-set',
    title: 'A set of integers becomes a hash table',
    about: 'The first member that is no integer: all others become strings.',
    setup: ['SADD primes 2 3 5 7'],
    trigger: ['SADD primes eleven'],
  },
  {
    id: 'lazyfree',
    title: 'A big value is freed later',
    about:
      'UNLINK takes the key out at once. Its value is big: freeing it is a job of its own, done bit by bit between the commands.',
    setup: ['CONFIG SET hash-max-listpack-entries 0', '%many HSET user field:%d v 200'],
    trigger: ['UNLINK user', '%sleep 0.05'],
  },
  {
    id: 'free-big',
    title: 'A big value is freed at once',
    about: 'DEL frees the value within the command, however long that takes.',
    setup: ['CONFIG SET hash-max-listpack-entries 0', '%many HSET user field:%d v 200'],
    trigger: ['DEL user'],
  },
  {
    id: 'slow-command',
    title: 'A slow command is remembered',
    about: 'With the threshold at 0 every command enters the slow log.',
    setup: ['CONFIG SET slowlog-log-slower-than 0'],
    trigger: ['PING'],
  },
  {
    id: 'idle-client',
    title: 'A silent client gives memory back',
    about: 'After two seconds without a word its query buffer is trimmed by the cron.',
    setup: ['SET name tom'],
    trigger: ['%sleep 3.1'],
  },
  {
    id: 'slowlog-full',
    title: 'The slow log is full',
    about: 'The oldest entry goes, with its arguments.',
    setup: ['CONFIG SET slowlog-log-slower-than 0', 'CONFIG SET slowlog-max-len 2', '%many PING 4'],
    trigger: ['PING'],
  },
  {
    id: 'signal',
    title: 'The process is asked to end',
    about: 'SIGTERM sets a flag; the cron sees it, and shuts the server down.',
    setup: ['%new A'],
    trigger: ['%signal 15', '%sleep 0.2'],
  },
];
