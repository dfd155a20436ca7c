// `redis-server --trace SET`: a study run in which the server shows the calls of chosen commands. The
// instrumented copy of the server runs in this process, in place of the one that is built.
//
//   node tools/trace-server.cjs --trace SET [--trace-depth 4] [options of redis-server]
//
// bin/redis-server hands over to this file when it is started with --trace.
const { join } = require('node:path');

require('ts-node').register({ project: join(__dirname, '../tsconfig.json') });
const { live } = require('../docs/recorder/live.ts');

live(process.argv.slice(2), (text) => process.stdout.write(text));
