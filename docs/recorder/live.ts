/**
 * The server on the real machine, showing the calls of chosen commands while it runs: `redis-server --trace SET`.
 *
 *     --trace SET,GET       which commands; `--trace all` for all
 *     --trace-at FUNCTION   where the stack is shown (the command's own function)
 *     --trace-depth N, --trace-only F,G, --trace-hide F,G, --trace-all, --trace-times    as in trace.ts
 *
 * All other arguments are the server's. What runs is the instrumented copy; the server that is built, and its sources, know
 * nothing of this.
 *
 * Who calls in: tools/trace-server.cjs. Whom it calls: the instrumented core, replay.ts.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as LibcModule from '../../posix/posix_libc.ts';
import { CallSites } from './callsites.ts';
import { loadTraced } from './play.ts';
import { ValuePreview } from './preview.ts';
import { type Call } from './probe.ts';
import { Replay, type ReplayOptions } from './replay.ts';
import { tracedRoot } from './instrument.ts';

/** What is to be shown, and the arguments that are left for the server. */
export interface LiveOptions extends ReplayOptions {
  /** Names of commands in lower case, `config|set`; empty for all. */
  commands: ReadonlySet<string>;
  /** Empty: the function of the command. */
  at: string;
  rest: string[];
}

/** Takes the options of this program out of the server's. */
export function parseLiveOptions(args: readonly string[]): LiveOptions {
  const options = {
    commands: new Set<string>(),
    at: '',
    depth: 1000,
    only: new Set<string>(),
    hide: new Set<string>(),
    times: false,
    all: false,
    rest: [] as string[],
  };
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name] = /^--trace(?:-(at|depth|only|hide|all|times))?$/.exec(word) ?? [null, null];
    if (name === null) options.rest.push(word);
    else if (name === 'all') options.all = true;
    else if (name === 'times') options.times = true;
    else {
      const value = words.shift() ?? '';
      const names = value.split(',').filter((text) => text !== '');
      if (name === 'at') options.at = value;
      else if (name === 'depth') options.depth = Number(value);
      else if (name === 'only') options.only = new Set(names);
      else if (name === 'hide') options.hide = new Set(names);
      else if (value !== 'all') options.commands = new Set(names.map((n) => n.toLowerCase()));
    }
  }
  return options;
}

/** Runs the server with these arguments (without the program's name); `print` gets what is shown. */
export function live(args: readonly string[], print: (text: string) => void): void {
  const options = parseLiveOptions(args);
  const core = loadTraced();
  const load = createRequire(join(tracedRoot, 'index.js')) as (path: string) => unknown;
  const { LibcKernel } = load('./posix/posix_libc.js') as typeof LibcModule;
  const kernel = new LibcKernel();
  core.posix.usePosix(kernel);
  const address = new core.posix.sockaddr();
  const { functions } = core.probe;
  const replay = new Replay(functions, new CallSites());
  const callFunction = functions.findIndex(
    (fn) => fn.name === 'call' && fn.file === 'server/server.ts',
  );
  // The calls of `call` in the present turn that are to be shown.
  let wanted: Call[] = [];

  core.probe.record({
    preview: new ValuePreview((fd) => {
      const errno = kernel.errno;
      const failed = kernel.getpeername(fd, address) === -1;
      kernel.errno = errno;
      if (failed) return '';
      return address.port === 0 ? address.address : `${address.address}:${address.port}`;
    }),
    clock: options.times ? () => performance.now() * 1000 : null,
    entered: (call, values) => {
      if (call.fn !== callFunction) return;
      const { cmd } = values[0] as { cmd: { fullname: string } };
      const name = cmd.fullname.toLowerCase();
      if (options.commands.size === 0 || options.commands.has(name)) wanted.push(call);
    },
    left: (call) => {
      if (call.parent !== null) return;
      for (const one of wanted) show(one);
      wanted = [];
    },
  });

  /** Shows the event in which a command was called: the proc of the event loop, and all below it. */
  function show(call: Call): void {
    let proc = call;
    while (proc.parent !== null && replay.functionOf(proc.parent).name !== 'aeProcessEvents') {
      proc = proc.parent;
    }
    const top =
      options.at === ''
        ? call.calls.find((c) => c.via === 'proc')
        : replay.find([proc], options.at);
    const stack = replay.stack(top ?? call).join('\n');
    print(`${stack}\n\n${replay.replay([proc], options).join('\n')}\n\n`);
  }

  core.main(['redis-server', ...options.rest]);
}
