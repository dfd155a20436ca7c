/**
 * Runs redis-cli for tests: ours inside this process, on a kernel whose standard streams are strings, and the C one that
 * Debian packages as a process of its own. Both give the same three things, to be compared.
 *
 *     expect(await runOurs({ args: ['-p', port, 'get', 'k'] })).to.deep.equal(runReal({ ... }))
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { main } from '../../cli/redis-cli.ts';
import { FILE, fflush, stderr, stdin, stdout } from '../../cli/stdio.ts';
import { EBADF, posix, usePosix, type Posix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';

export const realCliPath = '/usr/bin/redis-cli';

/** Whether the C programs are installed here. */
export const haveRealCli = existsSync(realCliPath) && existsSync('/usr/bin/redis-server');

/** What to run. All strings have one char code a byte. */
export interface Invocation {
  args: string[];
  stdin?: string;
  env?: Record<string, string>;
}

/** What came of it. */
export interface Outcome {
  stdout: string;
  stderr: string;
  status: number;
}

/** Thrown in place of the end of the process. */
class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** The real kernel, but for the standard streams, the environment and the end of the process. */
export class StringKernel extends LibcKernel {
  out = '';
  err = '';
  input: string;
  env: Record<string, string>;
  /** Descriptors that say they are a terminal. */
  ttys = new Set<number>();
  opened = new Set<number>();

  constructor(input: string, env: Record<string, string>) {
    super();
    this.input = input;
    this.env = env;
  }

  override read(fd: number, buf: Uint8Array, off: number, len: number): number {
    if (fd !== 0) return super.read(fd, buf, off, len);
    const piece = this.input.slice(0, len);
    this.input = this.input.slice(len);
    return Buffer.from(piece, 'latin1').copy(buf, off);
  }

  override write(fd: number, buf: Uint8Array, off: number, len: number): number {
    if (fd > 2) return super.write(fd, buf, off, len);
    const text = Buffer.from(buf).toString('latin1', off, off + len);
    if (fd === 1) this.out += text;
    else if (fd === 2) this.err += text;
    else this.errno = EBADF;
    return fd === 0 ? -1 : len;
  }

  override socket(domain: number, type: number, protocol: number): number {
    const fd = super.socket(domain, type, protocol);
    this.opened.add(fd);
    return fd;
  }

  override close(fd: number): number {
    this.opened.delete(fd);
    return super.close(fd);
  }

  override isatty(fd: number): boolean {
    return this.ttys.has(fd);
  }

  override getenv(name: string): string | undefined {
    return this.env[name];
  }

  override exit(code: number): never {
    throw new Exit(code);
  }

  override abort(): never {
    throw new Exit(134);
  }
}

/** Runs something on a kernel of strings, and puts the world back. */
export function onStrings(kernel: StringKernel, body: () => number): Outcome {
  const before: Posix | undefined = posix;
  usePosix(kernel);
  // The streams are as a fresh process has them.
  Object.assign(stdin, new FILE(0));
  Object.assign(stdout, new FILE(1));
  Object.assign(stderr, new FILE(2));
  let status: number;
  try {
    status = body();
    fflush(stdout);
  } catch (e) {
    if (!(e instanceof Exit)) throw e;
    status = e.status;
  } finally {
    for (const fd of kernel.opened) kernel.close(fd);
    if (before !== undefined) usePosix(before);
  }
  return { stdout: kernel.out, stderr: kernel.err, status };
}

/** Runs our redis-cli in this process. */
export function runOurs(what: Invocation): Outcome {
  const kernel = new StringKernel(what.stdin ?? '', { HOME: '/nonexistent', ...what.env });
  return onStrings(kernel, () => main(['redis-cli', ...what.args]));
}

/** Runs the C redis-cli. */
export function runReal(what: Invocation): Outcome {
  // An argument that is no UTF-8 cannot be passed through Node, so the shell makes it.
  const words = what.args.map((arg) => `"$(printf '%b' '${octal(arg)}'; printf x)"`);
  const direct = what.args.every((arg) => /^[ -~\n]*$/.test(arg));
  const env = { HOME: '/nonexistent', PATH: process.env['PATH'] ?? '', ...what.env };
  const options = {
    env,
    input: Buffer.from(what.stdin ?? '', 'latin1'),
    encoding: 'latin1' as const,
    maxBuffer: 1 << 28,
    timeout: 8000,
    // It names itself in one of its messages.
    argv0: 'redis-cli',
  };
  const strip = 'set --; ' + words.map((w) => `v=${w}; set -- "$@" "\${v%x}"; `).join('');
  const done = direct
    ? spawnSync(realCliPath, what.args, options)
    : spawnSync('/bin/sh', ['-c', `${strip} LC_ALL=C exec ${realCliPath} "$@"`], options);
  // A program that does not read its input may end before all of it was written.
  const { error } = done;
  if (error !== undefined && !error.message.includes('EPIPE')) throw error;
  return { stdout: done.stdout, stderr: done.stderr, status: done.status ?? -1 };
}

/** A string for printf's %b. */
function octal(s: string): string {
  return [...s].map((c) => `\\0${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
}
