/**
 * Runs commands on a server and shows the calls that they make.
 *
 *     npm run trace -- "SET name tom"
 *     npm run trace -- --at lookupKey --depth 4 "GET name"
 *     npm run trace -- --setup "SET name tom" --only call --times "GET name"
 *
 * The command goes to the server through a real socket, but the clock and all else that could differ is simulated, so that the same
 * command gives the same text each time, unless it is asked for times.
 *
 * Who calls in: `npm run trace`. Whom it calls: play.ts, replay.ts.
 */
import { parseArgs } from 'node:util';
import { CallSites } from './callsites.ts';
import { Stage, loadTraced, type Recording } from './play.ts';
import { quote } from './preview.ts';
import { Replay, type ReplayOptions } from './replay.ts';

const USAGE = `usage: npm run trace -- [options] "COMMAND args" ...

  --at FUNCTION     show the stack at the first call of this function (processCommand)
  --depth N         show so many levels of calls
  --only F,G        show only the calls of these functions, with all below them
  --hide F,G        do not show the calls of these functions, nor what is below them
  --all             show macros and functions that C does not have, too
  --times           show how long each call took
  --setup COMMAND   run this before; may be given several times
  --config OPTION   an option of the server, as in --config "maxmemory 100mb"; several times
  --stack, --calls  only the stack, or only the calls

"B> COMMAND" speaks on a second connection; docs/recorder/play.ts knows more such lines.
`;

/** Splits `a,b`, given once or several times. */
function namesIn(lists: readonly string[] | undefined): Set<string> {
  return new Set((lists ?? []).flatMap((list) => list.split(',')).filter((name) => name !== ''));
}

/** Runs the program with these arguments, and returns its output. Throws with the usage when they make no sense. */
export function trace(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      at: { type: 'string', default: 'processCommand' },
      depth: { type: 'string', default: '1000' },
      only: { type: 'string', multiple: true },
      hide: { type: 'string', multiple: true },
      all: { type: 'boolean', default: false },
      times: { type: 'boolean', default: false },
      setup: { type: 'string', multiple: true, default: [] },
      config: { type: 'string', multiple: true, default: [] },
      stack: { type: 'boolean', default: false },
      calls: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const depth = Number(values.depth);
  if (values.help || positionals.length === 0) return USAGE;
  if (!Number.isInteger(depth)) throw new Error(`--depth ${values.depth}: not a number\n${USAGE}`);
  const options: ReplayOptions = {
    depth,
    only: namesIn(values.only),
    hide: namesIn(values.hide),
    times: values.times,
    all: values.all,
  };

  const core = loadTraced();
  const known = new Set(core.probe.functions.map((fn) => fn.name));
  for (const name of [values.at, ...options.only, ...options.hide]) {
    if (!known.has(name)) throw new Error(`there is no function ${name}\n`);
  }
  const config = values.config.flatMap((option) => {
    const [name, ...rest] = option.split(' ');
    return [`--${name.replace(/^--/, '')}`, ...rest];
  });
  const stage = new Stage(core);
  let recording: Recording;
  try {
    if (values.times) stage.clock = () => performance.now() * 1000;
    stage.start(config);
    if (!stage.isRunning()) return stage.kernel.output;
    for (const line of values.setup) stage.play(line);
    for (const line of positionals) stage.prepare(line);
    stage.settle();
    recording = stage.record(() => {
      for (const line of positionals) stage.play(line);
    });
  } finally {
    stage.close();
  }
  const { roots, exchanges } = recording;

  const replay = new Replay(core.probe.functions, new CallSites());
  const sections: string[] = [];
  const lines = exchanges.map(({ client, text, request, reply }) => {
    const shown = text === '' ? quote(request) : text;
    return `${client}> ${shown}\n   ${reply === '' ? '(no reply)' : quote(reply)}`;
  });
  sections.push(lines.join('\n'));
  if (!values.calls) {
    const top = replay.find(roots, values.at);
    sections.push(top === null ? `${values.at} was not called.` : replay.stack(top).join('\n'));
  }
  if (!values.stack) sections.push(replay.replay(roots, options).join('\n'));
  return `${sections.join('\n\n')}\n`;
}

if (require.main === module) {
  try {
    process.stdout.write(trace(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(error instanceof Error ? `${error.message}\n` : String(error));
    process.exitCode = 1;
  }
}
