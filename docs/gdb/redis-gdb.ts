/**
 * The program redis-gdb: the command line and the terminal of the debugger.
 *
 *     redis-gdb [options] [--args] [options of the server]
 *     redis-gdb -batch -ex "break setCommand" -ex run -ex bt --args --port 7000
 *     redis-gdb -p 4711
 *
 * On a terminal, node:readline edits the line, completes with Tab and keeps the history in
 * ~/.redis_gdb_history. From a pipe, commands are read line by line.
 *
 * Who calls in: `npm run gdb`. Whom it calls: gdb.ts, commands.ts.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Shell } from './commands.ts';
import { Gdb } from './gdb.ts';

const usage = `Usage: redis-gdb [options] [--args] [options of the server]

  -p, --pid PID        attach to a running server
  --inspector [HOST:]PORT
                       attach to a server whose inspector is open already
  -ex COMMAND          execute a command; may be given several times
  -x FILE              execute the commands of a file
  -batch               exit after these
  -q                   do not print the introduction
  -h, --help           print this
All other options are for the server, as in: redis-gdb --port 7000 --save ''
`;

/** What the command line asks for. */
export interface CommandLine {
  /** Commands to execute first, in order. */
  commands: string[];
  isBatch: boolean;
  isQuiet: boolean;
  /** Only the usage is wanted. */
  isHelp: boolean;
  /** Options of the server. */
  args: string[];
}

/** Reads the command line. Throws an Error when an option lacks its argument. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const line: CommandLine = {
    commands: [],
    isBatch: false,
    isQuiet: false,
    isHelp: false,
    args: [],
  };
  const attach: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const option = argv[i] ?? '';
    const value = (): string => {
      const next = argv[++i];
      if (next === undefined) throw new Error(`redis-gdb: option '${option}' requires an argument`);
      return next;
    };
    switch (option) {
      case '-p':
      case '-pid':
      case '--pid':
        attach.push(`attach ${value()}`);
        break;
      case '-inspector':
      case '--inspector':
        attach.push(`target remote ${value()}`);
        break;
      case '-ex':
      case '--ex':
      case '--eval-command':
        line.commands.push(value());
        break;
      case '-x':
      case '--command':
        line.commands.push(`source ${value()}`);
        break;
      case '-batch':
      case '--batch':
        line.isBatch = true;
        break;
      case '-q':
      case '-quiet':
      case '--quiet':
      case '-nx':
        line.isQuiet = true;
        break;
      case '-h':
      case '-help':
      case '--help':
        line.isHelp = true;
        break;
      case '-args':
      case '--args':
        line.args.push(...argv.slice(i + 1));
        i = argv.length;
        break;
      default:
        line.args.push(option);
    }
  }
  line.commands.unshift(...attach);
  return line;
}

/** The program: returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  if (line.isHelp) {
    process.stdout.write(usage);
    return 0;
  }
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !line.isBatch;
  const terminal = line.isBatch ? null : new Terminal(isTerminal);
  const gdb = new Gdb({
    project: resolve(__dirname, '../..'),
    write: (text) => void process.stdout.write(text),
    args: line.args,
    ...(isTerminal && terminal ? { ask: (question: string) => terminal.ask(question) } : {}),
  });
  const shell = new Shell(gdb);
  if (line.isBatch) gdb.confirm = false;
  terminal?.serve(shell);
  const onInterrupt = (): void => void gdb.interrupt();
  process.on('SIGINT', onInterrupt);
  // Whoever ends us does not mean to leave a server behind that stands still.
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
  try {
    if (!line.isQuiet && !line.isBatch) {
      gdb.print('redis-gdb: Redis 7.0.5 in TypeScript, under a debugger that speaks like gdb.');
      gdb.print('Type "help" for the commands, "run" to start the server.');
    }
    for (const command of line.commands) {
      await shell.execute(command);
      if (gdb.isOver) return 0;
    }
    if (terminal) await terminal.loop(shell);
    await gdb.end();
    return line.isBatch && shell.hasFailed ? 1 : 0;
  } finally {
    process.off('SIGINT', onInterrupt);
    terminal?.close();
  }
}

/** Standard input, whatever it is. */
class Terminal {
  readonly #isTerminal: boolean;
  readonly #historyFile = join(homedir(), '.redis_gdb_history');
  #readline: Interface | null = null;
  readonly #lines: string[] = [];
  #waiting: ((line: string | null) => void) | null = null;
  #isClosed = false;

  constructor(isTerminal: boolean) {
    this.#isTerminal = isTerminal;
  }

  /** Begins to read lines; Tab completes what `shell` knows. */
  serve(shell: Shell): void {
    let history: string[] = [];
    if (this.#isTerminal) {
      try {
        history = readFileSync(this.#historyFile, 'utf8').split('\n').filter(Boolean);
      } catch {
        // There is none yet.
      }
    }
    const readline = createInterface({
      input: process.stdin,
      ...(this.#isTerminal ? { output: process.stdout } : {}),
      terminal: this.#isTerminal,
      history: history.slice(-500).reverse(),
      historySize: 500,
      removeHistoryDuplicates: true,
      completer: (
        text: string,
        done: (error: Error | null, result: [string[], string]) => void,
      ): void => {
        shell.complete(text).then(
          (result) => done(null, result),
          () => done(null, [[], text]),
        );
      },
    });
    this.#readline = readline;
    readline.on('line', (text) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting) waiting(text);
      else this.#lines.push(text);
    });
    readline.on('close', () => {
      this.#isClosed = true;
      this.#waiting?.(null);
    });
    // On a terminal, Ctrl-C comes here: it stops the program or, at the prompt, gives the line up.
    readline.on('SIGINT', () => {
      void shell.gdb.interrupt().then((wasRunning) => {
        if (wasRunning) return;
        readline.write(null, { ctrl: true, name: 'u' });
        process.stdout.write('Quit\n');
        readline.prompt();
      });
    });
  }

  /** Executes commands until `quit` or the end of the input. */
  async loop(shell: Shell): Promise<void> {
    while (!shell.gdb.isOver) {
      const line = await this.#read(shell.prompt);
      if (line === null) {
        process.stdout.write('quit\n');
        break;
      }
      if (this.#isTerminal && line.trim() !== '') {
        try {
          appendFileSync(this.#historyFile, `${line}\n`, { mode: 0o600 });
        } catch {
          // A home that cannot be written to: then there is no history.
        }
      }
      await shell.execute(line);
    }
  }

  /** Asks for y or n. */
  async ask(question: string): Promise<boolean> {
    for (;;) {
      const answer = await this.#read(`${question}(y or n) `);
      if (answer === null || /^y/i.test(answer.trim())) return true;
      if (/^n/i.test(answer.trim())) return false;
      process.stdout.write('Please answer y or n.\n');
    }
  }

  async #read(prompt: string): Promise<string | null> {
    // A question of several lines: what is edited is the last one.
    const cut = prompt.lastIndexOf('\n') + 1;
    process.stdout.write(prompt.slice(0, cut));
    if (this.#isTerminal) {
      this.#readline?.setPrompt(prompt.slice(cut));
      this.#readline?.prompt();
    } else {
      process.stdout.write(prompt.slice(cut));
    }
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    if (this.#isClosed) return null;
    return new Promise((done) => (this.#waiting = done));
  }

  /** Lets go of standard input. */
  close(): void {
    this.#readline?.close();
  }
}

// Started as a program, not loaded by a test.
if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => process.exit(code));
}
