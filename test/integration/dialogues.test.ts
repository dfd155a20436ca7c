/**
 * Dialogues with this server and with a real redis-server, command by command: the replies must be the same bytes.
 *
 * Random commands find what nobody thought of; these are the ones that somebody did think of: transactions and watches, channels, passwords,
 * options and their errors, the CLIENT family, protocol types. A line is one command of connection A; `B> ` in front of it sends it over
 * a second connection. What one server sends without being asked (messages) is read behind the command that caused it by `B< `.
 */
import { expect } from 'chai';
import { type RespClient, splitWords } from '../support/resp.ts';
import { haveRealServer, serverForSuite, type TestServer } from '../support/server.ts';

const dialogues: Record<string, string> = {
  'MULTI queues, EXEC runs, DISCARD forgets': `
    MULTI
    SET a 1
    INCR a
    GET a
    EXEC
    MULTI
    INCR a
    DISCARD
    GET a
    EXEC
    DISCARD
    MULTI
    MULTI
    WATCH a
    EXEC
    MULTI
    NOSUCH
    SET a
    EXEC
    MULTI
    SET b x
    INCR b
    GET b
    EXEC
    GET b`,
  'WATCH makes EXEC fail when the key was touched': `
    SET w 1
    WATCH w
    MULTI
    INCR w
    EXEC
    WATCH w
    B> INCR w
    MULTI
    INCR w
    EXEC
    GET w
    WATCH w
    B> INCR w
    UNWATCH
    MULTI
    EXEC
    WATCH w x
    B> RENAME w x
    MULTI
    EXEC
    WATCH gone
    B> SET other 1
    MULTI
    GET other
    EXEC
    WATCH x
    B> FLUSHALL
    MULTI
    EXEC
    WATCH x
    B> SWAPDB 0 1
    MULTI
    EXEC
    SELECT 3
    WATCH x
    B> SET x in-database-0
    MULTI
    EXEC`,
  'a watch ends with RESET and with a failed EXEC': `
    WATCH k
    B> SET k 1
    RESET
    MULTI
    EXEC
    WATCH k
    B> SET k 2
    MULTI
    EXEC`,
  'channels, patterns and their counts': `
    SUBSCRIBE news
    B> PUBLISH news hello
    A<
    B> PUBLISH other nothing
    B> PUBSUB CHANNELS
    B> PUBSUB NUMSUB news other
    B> PUBSUB NUMPAT
    PSUBSCRIBE n?ws
    B> PUBSUB NUMPAT
    B> PUBLISH news twice
    A<
    A<
    GET x
    PING
    PING hi
    UNSUBSCRIBE
    PUNSUBSCRIBE
    UNSUBSCRIBE
    GET x
    SSUBSCRIBE shard
    B> SPUBLISH shard m
    A<
    B> PUBSUB SHARDCHANNELS
    B> PUBSUB SHARDNUMSUB shard
    SUNSUBSCRIBE
    PUBSUB NOSUCH
    PUBSUB`,
  'pushes in RESP3': `
    HELLO 3 SETNAME three
    SUBSCRIBE news
    PSUBSCRIBE *
    B> PUBLISH news hello
    A<
    A<
    GET x
    PING
    UNSUBSCRIBE news
    PUNSUBSCRIBE
    CLIENT GETNAME`.replace('HELLO 3 SETNAME three', 'CLIENT SETNAME three'),
  'keyspace events': `
    CONFIG SET notify-keyspace-events KEA
    CONFIG GET notify-keyspace-events
    B> PSUBSCRIBE __key*__:*
    SET k v
    B<
    B<
    INCR n
    B<
    B<
    DEL k
    B<
    B<
    CONFIG SET notify-keyspace-events El$
    CONFIG GET notify-keyspace-events
    APPEND n 0
    B<
    CONFIG SET notify-keyspace-events ""
    CONFIG SET notify-keyspace-events Q`,
  passwords: `
    AUTH x
    AUTH a b c
    AUTH default x
    AUTH nobody x
    CONFIG SET requirepass secret
    AUTH wrong
    AUTH secret
    GET x
    B> PING
    CONFIG GET requirepass
    RESET
    GET x
    PING
    HELLO
    HELLO 3
    HELLO 3 AUTH default wrong
    AUTH default secret
    GET x
    CONFIG SET requirepass ""
    GET x`,
  'options: reading, setting, and all ways to be wrong': `
    CONFIG GET maxmemory
    CONFIG GET MaxMemory
    CONFIG GET maxmemory MAXMEMORY
    CONFIG GET no-such
    CONFIG GET
    CONFIG
    CONFIG NOSUCH
    CONFIG SET
    CONFIG SET maxmemory
    CONFIG SET maxmemory 100mb
    CONFIG GET maxmemory
    CONFIG SET maxmemory 1gb maxmemory-policy allkeys-lru
    CONFIG GET maxmemory-policy
    CONFIG SET maxmemory 0 maxmemory-policy nonsense
    CONFIG GET maxmemory
    CONFIG SET maxmemory 0 maxmemory 1
    CONFIG SET maxmemory -1
    CONFIG SET maxmemory 1xb
    CONFIG SET maxmemory 0
    CONFIG SET maxmemory-policy noeviction
    CONFIG SET no-such 1
    CONFIG SET port 70000
    CONFIG SET port abc
    CONFIG SET databases 3
    CONFIG SET daemonize yes
    CONFIG SET timeout -1
    CONFIG SET timeout 1.5
    CONFIG SET protected-mode maybe
    CONFIG SET protected-mode no
    CONFIG SET save "1 2 3"
    CONFIG SET save "0 1"
    CONFIG SET save "100 1 200 2"
    CONFIG GET save
    CONFIG SET save ""
    CONFIG GET save
    CONFIG SET client-output-buffer-limit "normal 1 2"
    CONFIG SET client-output-buffer-limit "master 1 2 3"
    CONFIG SET client-output-buffer-limit "normal 1mb 2k x"
    CONFIG SET client-output-buffer-limit "normal 100mb 50mb 60 pubsub 0 0 0"
    CONFIG GET client-output-buffer-limit
    CONFIG SET client-output-buffer-limit "normal 0 0 0"
    CONFIG SET oom-score-adj-values "1 2"
    CONFIG SET oom-score-adj-values "1 2 3000"
    CONFIG SET dbfilename a/b
    CONFIG SET dir /no/such/folder
    CONFIG SET loglevel loud
    CONFIG SET loglevel notice
    CONFIG SET shutdown-on-sigterm "save nosave"
    CONFIG SET shutdown-on-sigterm "nosave now"
    CONFIG GET shutdown-on-sigterm
    CONFIG SET shutdown-on-sigterm default
    CONFIG SET latency-tracking-info-percentiles "50 99.9 100"
    CONFIG GET latency-tracking-info-percentiles
    CONFIG SET latency-tracking-info-percentiles "101"
    CONFIG SET latency-tracking-info-percentiles "abc"
    CONFIG SET latency-tracking-info-percentiles ""
    CONFIG GET latency-tracking-info-percentiles
    CONFIG SET maxmemory-clients 5%
    CONFIG GET maxmemory-clients
    CONFIG SET maxmemory-clients 101%
    CONFIG SET maxmemory-clients 0
    CONFIG SET hz 1000
    CONFIG GET hz
    CONFIG SET hz 10
    CONFIG SET proto-max-bulk-len 1
    CONFIG SET proto-max-bulk-len 9223372036854775807
    CONFIG GET proto-max-bulk-len
    CONFIG SET proto-max-bulk-len 512mb
    CONFIG SET slave-priority 7
    CONFIG GET slave-priority
    CONFIG GET replica-prior[i]ty
    CONFIG SET replica-priority 100
    CONFIG GET unixsocketperm
    CONFIG REWRITE
    CONFIG HELP`,
  'the slow log': `
    CONFIG SET slowlog-log-slower-than 0
    CONFIG SET slowlog-max-len 3
    PING
    GET x
    SLOWLOG LEN
    CONFIG SET slowlog-log-slower-than 10000
    SLOWLOG RESET
    SLOWLOG LEN
    SLOWLOG GET
    SLOWLOG GET -2
    SLOWLOG GET abc
    SLOWLOG NOSUCH
    SLOWLOG HELP
    CONFIG SET slowlog-max-len 128`,
  'CLIENT and its errors': `
    CLIENT GETNAME
    CLIENT SETNAME "a b"
    CLIENT SETNAME tom
    CLIENT GETNAME
    CLIENT SETNAME ""
    CLIENT GETNAME
    CLIENT NOSUCH
    CLIENT
    CLIENT REPLY maybe
    CLIENT REPLY on
    CLIENT NO-EVICT maybe
    CLIENT NO-EVICT on
    CLIENT NO-EVICT off
    CLIENT KILL
    CLIENT KILL 1.2.3.4:5
    CLIENT KILL ID abc
    CLIENT KILL ID 0
    CLIENT KILL TYPE nobody
    CLIENT KILL ADDR 1.2.3.4:5 SKIPME maybe
    CLIENT KILL ADDR 1.2.3.4:5
    CLIENT LIST TYPE nobody
    CLIENT LIST TYPE pubsub
    CLIENT LIST ID x
    CLIENT LIST NOSUCH
    CLIENT PAUSE abc
    CLIENT PAUSE -1
    CLIENT PAUSE 1 nosuch
    CLIENT PAUSE 0
    CLIENT UNPAUSE
    CLIENT UNBLOCK abc
    CLIENT UNBLOCK 99999
    CLIENT UNBLOCK 99999 maybe
    CLIENT GETREDIR
    CLIENT TRACKINGINFO
    CLIENT ID x`,
  'HELLO and its errors': `
    HELLO 1
    HELLO 4
    HELLO abc
    HELLO 2 NOSUCH
    HELLO 2 AUTH x
    HELLO 2 SETNAME "a b"
    HELLO 2 SETNAME
    PING
    ECHO x
    ECHO
    SELECT 15
    SELECT 16
    SELECT -1
    SELECT abc
    QUITE`,
  'every type of RESP2': `
    DEBUG PROTOCOL string
    DEBUG PROTOCOL integer
    DEBUG PROTOCOL double
    DEBUG PROTOCOL bignum
    DEBUG PROTOCOL null
    DEBUG PROTOCOL array
    DEBUG PROTOCOL set
    DEBUG PROTOCOL map
    DEBUG PROTOCOL attrib
    DEBUG PROTOCOL push
    DEBUG PROTOCOL true
    DEBUG PROTOCOL false
    DEBUG PROTOCOL verbatim
    DEBUG PROTOCOL nosuch
    DEBUG ERROR "MYERR some text"
    DEBUG NOSUCH
    DEBUG STRUCTSIZE
    DEBUG HTSTATS 99
    DEBUG DIGEST
    SET a 1
    SET b hello EX 100000
    SELECT 1
    SET c x
    DEBUG DIGEST
    DEBUG DIGEST-VALUE a c nosuch
    DEBUG POPULATE 10 p 5
    GET p:3
    DBSIZE`,
  'COMMAND over the string commands': `
    COMMAND INFO get mget append config|get nosuch
    COMMAND GETKEYS MSET a 1 b 2
    COMMAND GETKEYS GET
    COMMAND GETKEYS NOSUCH x
    COMMAND GETKEYS PING
    COMMAND GETKEYSANDFLAGS SET a b
    COMMAND GETKEYSANDFLAGS LCS a b
    COMMAND LIST FILTERBY ACLCAT nosuch
    COMMAND LIST FILTERBY MODULE nosuch
    COMMAND LIST FILTERBY NOSUCH x
    COMMAND LIST FILTERBY PATTERN getr*
    COMMAND NOSUCH
    COMMAND HELP
    OBJECT HELP
    MEMORY HELP
    LATENCY HELP
    PUBSUB HELP`,
  'unknown commands and wrong numbers of arguments': `
    NOSUCH
    nosuch a b c
    GET
    GET a b
    SET a
    OBJECT NOSUCH x
    OBJECT ENCODING
    OBJECT ENCODING nosuch
    MEMORY USAGE nosuch
    MEMORY USAGE x SAMPLES abc
    MEMORY NOSUCH
    EXPIRE
    EXPIRE x abc
    LATENCY HISTORY nosuch
    LATENCY GRAPH nosuch
    LATENCY RESET
    LATENCY LATEST
    LATENCY NOSUCH
    SWAPDB 0 99
    SWAPDB a 0
    MOVE x 0
    MOVE x 99
    COPY x x
    COPY x y DB 99
    FLUSHALL NOSUCH
    FLUSHDB SYNC
    SHUTDOWN NOSUCH
    SHUTDOWN ABORT
    SHUTDOWN SAVE NOSAVE`,
};

/** The connections of one dialogue with one server. */
class Talk {
  private readonly lines = new Map<string, RespClient>();
  private readonly server: TestServer;
  constructor(server: TestServer) {
    this.server = server;
  }

  /** Plays one line; what the server said, as bytes. */
  async play(line: string): Promise<string> {
    const [, who = 'A', mark = '>', rest = ''] = /^(?:([A-Z])([<>]) ?)?(.*)$/.exec(line) ?? [];
    let client = this.lines.get(who);
    if (client === undefined) this.lines.set(who, (client = await this.server.connect()));
    const reply = mark === '<' ? await client.reply() : await client.command(...splitWords(rest));
    // The two programs are of two patch releases, and HELLO says so.
    return reply.raw.replace(/\$[56]\r\n7\.0\.\d+\r\n/, '7.0.x ').replace(/(id\r\n):\d+/, '$1:n');
  }

  close(): void {
    for (const client of this.lines.values()) client.close();
  }
}

describe('dialogues with a real redis-server beside', function () {
  this.timeout(20000);
  if (!haveRealServer) {
    it.skip('need a redis-server');
    return;
  }
  const ours = serverForSuite();
  const real = serverForSuite({ binary: 'real' });

  for (const [name, text] of Object.entries(dialogues)) {
    for (const resp of [2, 3]) {
      it(`${name} (RESP${resp})`, async () => {
        const talks = [new Talk(ours()), new Talk(real())];
        try {
          if (resp === 3) for (const talk of talks) await talk.play('HELLO 3');
          for (const talk of talks) await talk.play('B> FLUSHALL');
          for (const line of text
            .trim()
            .split('\n')
            .map((row) => row.trim())) {
            const [a, b] = await Promise.all(talks.map((talk) => talk.play(line)));
            expect(a, `reply to ${line}`).to.equal(b);
          }
        } finally {
          for (const talk of talks) talk.close();
        }
      });
    }
  }
});
