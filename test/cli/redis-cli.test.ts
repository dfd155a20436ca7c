/** What redis-cli knows without a server: help, completion, hints, the history, what must stay out of it. */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { percentDecode } from '../../cli/cli_common.ts';
import { commandGroups, commandHelp } from '../../cli/help.ts';
import {
  linenoise,
  linenoiseHistoryAdd,
  linenoiseHistoryLoad,
  linenoiseHistorySave,
  linenoiseHistorySetMaxLen,
  linenoiseSetMultiLine,
  LINENOISE_DEFAULT_HISTORY_MAX_LEN,
} from '../../cli/linenoise.ts';
import {
  cli,
  cliOldInitHelp,
  cliSetPreferences,
  completionCallback,
  config,
  getDotfilePath,
  hintsCallback,
  isSensitiveCommand,
} from '../../cli/redis-cli.ts';
import { atof, atoi, strcaseeq, strtol } from '../../cli/stdio.ts';
import { generate } from '../../utils/generate-command-help.ts';
import { onStrings, runOurs, StringKernel } from './harness.ts';

const root = resolve(__dirname, '../..');
/** Nobody listens on the port of tcpmux. */
const NOBODY = '1';

/** Runs something with the help from our own table. */
function withHelp(body: () => void): void {
  onStrings(new StringKernel('', {}), () => {
    cliOldInitHelp();
    body();
    return 0;
  });
}

describe('redis-cli without a server', () => {
  it('has a table of commands that is what its generator makes of the command files', () => {
    const table = readFileSync(join(root, 'cli/help.ts'), 'utf8');
    expect(table, 'run: npx ts-node utils/generate-command-help.ts').to.equal(
      generate(join(root, 'server/commands')),
    );
    expect(commandGroups).to.include.members(commandHelp().map((command) => command.group));
  });

  it('helps from its own table', () => {
    const one = runOurs({ args: ['-p', NOBODY, 'help', 'append'] });
    expect(one.status).to.equal(0);
    expect(one.stdout).to.include('\r\n  \x1b[1mAPPEND\x1b[0m \x1b[90mkey value\x1b[0m\r\n');
    expect(one.stdout).to.include(
      '  \x1b[33msince:\x1b[0m 2.0.0\r\n  \x1b[33mgroup:\x1b[0m string\r\n',
    );
    const group = runOurs({ args: ['-p', NOBODY, 'HELP', '@STRING'] }).stdout;
    expect(group.split('summary').length).to.be.greaterThan(10);
    expect(group).not.to.include('group:');
  });

  it('completes commands, and after help also groups', () => {
    withHelp(() => {
      const completions = (buf: string): string[] => {
        const lc: string[] = [];
        completionCallback(buf, lc);
        return lc;
      };
      expect(completions('appe')).to.deep.equal(['APPEND']);
      expect(completions('help  @str')).to.deep.equal(['help  @string', 'help  @stream']);
      expect(completions('HELP appe')).to.deep.equal(['HELP APPEND']);
      expect(completions('@str')).to.deep.equal([]);
      expect(completions('append x')).to.deep.equal([]);
    });
  });

  it('hints at the arguments that are still to come', () => {
    withHelp(() => {
      const hint = (buf: string): string | undefined => hintsCallback(buf)?.text;
      expect(hint('append')).to.equal(' key value');
      expect(hint('append ')).to.equal('key value');
      expect(hint('APPEND k')).to.equal(' value');
      expect(hint('append k v')).to.equal(' ');
      expect(hint('appen')).to.equal(undefined);
      expect(hint('append "k')).to.equal(undefined);
      expect(hint('')).to.equal(undefined);
      // Optional arguments stay.
      expect(hint('ping hello')).to.equal(' [message]');
      cliSetPreferences([':set', 'nohints'], true);
      expect(hint('append')).to.equal(undefined);
      cliSetPreferences([':SET', 'HINTS'], true);
      expect(hint('append')).to.equal(' key value');
    });
  });

  it('keeps passwords out of the history', () => {
    const sensitive = (line: string): boolean => isSensitiveCommand(line.split(' '));
    for (const line of [
      'auth x',
      'AUTH u p',
      'acl setuser bob',
      'config set requirepass x',
      'CONFIG SET masterauth x',
      'config set masteruser x',
      'hello 3 auth u p',
      'hello 3 setname n auth u p',
      'migrate h 1 k 0 10 auth p',
      'migrate h 1 k 0 10 copy auth2 u p',
    ]) {
      expect(sensitive(line), line).to.equal(true);
    }
    for (const line of [
      'get auth',
      'acl list',
      'config set maxmemory 1',
      'config get requirepass',
      'hello 3 auth',
      'hello 3 setname auth x y',
      'migrate h 1 k 0 10 keys auth auth',
      'migrate h 1 k 0 10 copy',
    ]) {
      expect(sensitive(line), line).to.equal(false);
    }
  });

  it('finds the files of the user', () => {
    const find = (env: Record<string, string>): string | null => {
      let path: string | null = '';
      onStrings(new StringKernel('', env), () => {
        path = getDotfilePath('FILE', '.file');
        return 0;
      });
      return path;
    };
    expect(find({ HOME: '/u' })).to.equal('/u/.file');
    expect(find({ HOME: '/u', FILE: '/x/y' })).to.equal('/x/y');
    expect(find({ HOME: '/u', FILE: '' })).to.equal('/u/.file');
    expect(find({ HOME: '/u', FILE: '/dev/null' })).to.equal(null);
    expect(find({ HOME: '' })).to.equal(null);
    expect(find({})).to.equal(null);
  });

  it('begins every run with fresh options', () => {
    runOurs({ args: ['-p', NOBODY, '-n', '5', '-r', '3', '--csv', 'ping'] });
    runOurs({ args: ['--version'] });
    expect(config).to.include({ repeat: 1, dbnum: 0 });
    expect(config.conn_info).to.include({ input_dbnum: 0, hostport: 6379 });
    expect(cli.context).to.equal(null);
  });
});

describe('The history of linenoise', () => {
  let dir = '';

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'redis-cli-'));
  });

  after(() => {
    linenoiseHistorySetMaxLen(LINENOISE_DEFAULT_HISTORY_MAX_LEN);
    rmSync(dir, { recursive: true, force: true });
  });

  it('drops the oldest and repeated lines, and comes back from its file', () => {
    const file = join(dir, 'history');
    onStrings(new StringKernel('', {}), () => {
      linenoiseHistorySetMaxLen(3);
      for (const line of ['a', 'b', 'b', 'c', 'h\xe9', 'd']) linenoiseHistoryAdd(line);
      expect(linenoiseHistorySave(file)).to.equal(0);
      expect(linenoiseHistorySave(join(dir, 'no/such'))).to.equal(-1);
      expect(readFileSync(file, 'latin1')).to.equal('c\nh\xe9\nd\n');
      expect(linenoiseHistorySetMaxLen(1)).to.equal(1);
      expect(linenoiseHistorySetMaxLen(0)).to.equal(0);
      expect(linenoiseHistoryLoad(join(dir, 'missing'))).to.equal(-1);
      linenoiseHistorySetMaxLen(9);
      expect(linenoiseHistoryLoad(file)).to.equal(0);
      linenoiseHistorySave(file);
      return 0;
    });
    expect(readFileSync(file, 'latin1')).to.equal('d\nc\nh\xe9\nd\n');
  });
});

describe('The line editor', () => {
  /** A terminal of so many columns on which keys were typed. */
  class Terminal extends StringKernel {
    columns: number;
    raw = false;

    constructor(keys: string, columns: number) {
      super(keys, { TERM: 'xterm' });
      this.columns = columns;
      this.ttys.add(0).add(1);
    }

    override terminalColumns(): number {
      return this.columns;
    }

    override setRawMode(_fd: number, raw: boolean): number {
      this.raw = raw;
      return 0;
    }
  }

  function edit(keys: string, columns = 80): { line: string | null; out: string; raw: boolean } {
    let line: string | null = '';
    const kernel = new Terminal(keys, columns);
    onStrings(kernel, () => {
      line = linenoise('> ');
      return 0;
    });
    return { line, out: kernel.out, raw: kernel.raw };
  }

  it('gives what Enter ended, nothing after Ctrl-C or Ctrl-D, and leaves raw mode', () => {
    expect(edit('get x\r').line).to.equal('get x');
    expect(edit('get x\x03').line).to.equal(null);
    expect(edit('\x04').line).to.equal(null);
    expect(edit('ab').line).to.equal('ab');
    for (const keys of ['a\r', '\x03', '\x04', 'a']) expect(edit(keys).raw).to.equal(false);
  });

  it('scrolls one row, or takes several', () => {
    linenoiseSetMultiLine(false);
    expect(edit('0123456789\r', 8).out).to.include('\r> 56789\x1b[0K');
    linenoiseSetMultiLine(true);
    const { out } = edit('0123456789\x01\r', 8);
    // A full row is followed by a line feed, and the start of the line is one row up.
    expect(out).to.include('> 012345\n\r').and.to.include('\x1b[1A\r\x1b[2C');
  });

  it('asks the terminal for its width where the system does not know', () => {
    // The answers: column 3, and at the right margin column 40.
    const { line, out } = edit('\x1b[1;3R\x1b[1;40Rok\r', -1);
    expect(line).to.equal('ok');
    expect(out).to.match(/^\x1b\[6n\x1b\[999C\x1b\[6n\x1b\[37D> /);
  });

  it('holds at most 4095 bytes', () => {
    expect(edit('x'.repeat(5000) + '\r').line).to.have.length(4095);
  });
});

describe('Numbers and texts as libc reads them', () => {
  it('stop at the first character that does not belong', () => {
    expect([atoi('12abc'), atoi(' -7'), atoi('x'), atoi('+3'), atoi('4294967297')]).to.deep.equal([
      12, -7, 0, 3, 1,
    ]);
    expect([atof('0.5x'), atof('.25'), atof('1e2'), atof('-')]).to.deep.equal([0.5, 0.25, 100, 0]);
    expect(strtol('10 x')).to.deep.equal({ value: 10, end: 2, erange: false });
    expect(strtol('')).to.deep.equal({ value: 0, end: 0, erange: false });
    expect(strtol('-99999999999999999999').erange).to.equal(true);
  });

  it('compare letters of ASCII only without case', () => {
    expect(strcaseeq('Get', 'gET')).to.equal(true);
    expect(strcaseeq('\xc4', '\xe4')).to.equal(false);
    expect(strcaseeq('a', 'ab')).to.equal(false);
    expect(percentDecode('a%2Fb%c3%A9')).to.equal('a/b\xc3\xa9');
  });
});
