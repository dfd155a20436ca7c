/**
 * @packageDocumentation
 * Line editing on a terminal: keys, history, completion, hints, and a mask for passwords. It mirrors
 * `deps/linenoise/linenoise.c`: the terminal is in raw mode, every key is read as a byte, and the line is drawn anew.
 *
 *     127.0.0.1:6379> set key| value [NX|XX] [GET] ...
 *     └── prompt ───┘ └ buf ┘  └──────── hint ───────┘
 *                            ▲ pos (len is the length of buf)
 *
 *     what refreshMultiLine writes:   go down to the last row, clear each row upwards,
 *                                     prompt, buf, hint in grey, go back up to the row of pos, set the column
 *
 * Called by the interactive mode of redis-cli.ts; calls posix (setRawMode, terminalColumns, read, write) and stdio.ts.
 * Reading is synchronous, as in C, so that the calls of a command form one stack from the key to the reply. What differs
 * from C: node restores the terminal when the process ends, so there is no exit handler; the key code display of
 * linenoise's example program is not here.
 */
import {
  EAGAIN,
  EINVAL,
  ENOTTY,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  posix,
  STDIN_FILENO,
  STDOUT_FILENO,
} from '../posix/posix.ts';
import {
  EOF,
  fflush,
  fgetc,
  fgets,
  fputs,
  printf,
  readSome,
  stderr,
  stdin,
  stdout,
  strcaseeq,
  writeAll,
} from './stdio.ts';

export const LINENOISE_DEFAULT_HISTORY_MAX_LEN = 100;
export const LINENOISE_MAX_LINE = 4096;
/** Terminals that know no escape sequences: there a line is read as it comes. */
const unsupported_term: readonly string[] = ['dumb', 'cons25', 'emacs'];

export const LINENOISE_HISTORY_NEXT = 0;
export const LINENOISE_HISTORY_PREV = 1;

/* KEY_ACTION: the codes of keys that do something. */
export const KEY_NULL = 0;
export const CTRL_A = 1;
export const CTRL_B = 2;
export const CTRL_C = 3;
export const CTRL_D = 4;
export const CTRL_E = 5;
export const CTRL_F = 6;
export const CTRL_H = 8;
export const TAB = 9;
export const CTRL_K = 11;
export const CTRL_L = 12;
export const ENTER = 13;
export const CTRL_N = 14;
export const CTRL_P = 16;
export const CTRL_T = 20;
export const CTRL_U = 21;
export const CTRL_W = 23;
export const ESC = 27;
export const BACKSPACE = 127;

/** Adds what the line may become to `lc`. */
export type linenoiseCompletionCallback = (buf: string, lc: string[]) => void;

/** What to show behind the line, and how: `color` is an SGR code, -1 for none. */
export interface linenoiseHint {
  text: string;
  color: number;
  bold: number;
}

/** What could follow the line, or null. */
export type linenoiseHintsCallback = (buf: string) => linenoiseHint | null;

/** C's file-level statics. */
export class linenoiseStatics {
  completionCallback: linenoiseCompletionCallback | null = null;
  hintsCallback: linenoiseHintsCallback | null = null;
  /** Show asterisks instead of what is typed. */
  maskmode = false;
  rawmode = false;
  /** Let a long line continue on the next rows; else it scrolls sideways. */
  mlmode = false;
  history_max_len = LINENOISE_DEFAULT_HISTORY_MAX_LEN;
  /** Oldest first. While a line is edited the last entry is that line. */
  history: string[] = [];
  /** Where a key is read to. */
  key: Buffer = Buffer.allocUnsafeSlow(1);
}

/** There is one terminal, as in C. */
const ln = new linenoiseStatics();

/** The line under the cursor. */
export class linenoiseState {
  ifd: number;
  ofd: number;
  buf = '';
  /** The most bytes that buf may have. */
  buflen: number;
  prompt: string;
  plen: number;
  pos = 0;
  /** Where the cursor was when the line was drawn last. */
  oldpos = 0;
  cols: number;
  /** The most rows that the line had. */
  maxrows = 0;
  /** How many entries above the newest one we are in the history. */
  history_index = 0;

  constructor(ifd: number, ofd: number, buflen: number, prompt: string, cols: number) {
    this.ifd = ifd;
    this.ofd = ofd;
    this.buflen = buflen;
    this.prompt = prompt;
    this.plen = prompt.length;
    this.cols = cols;
  }
}

/* ---------------------------------------------------------------------------------------------------------------
 * Low level terminal handling
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * The next byte from the terminal, or -1 at the end of the input and on failure.
 *
 * @own read(2) of one byte
 */
export function readKey(fd: number): number {
  return readSome(fd, ln.key, 1) === 1 ? ln.key[0] : -1;
}

/** From now on asterisks are shown. @own linenoise.c:207 linenoiseMaskModeEnable */
export function linenoiseMaskModeEnable(): void {
  ln.maskmode = true;
}

/** From now on what is typed is shown. @own linenoise.c:212 linenoiseMaskModeDisable */
export function linenoiseMaskModeDisable(): void {
  ln.maskmode = false;
}

/** Whether a long line takes several rows. @own linenoise.c:217 linenoiseSetMultiLine */
export function linenoiseSetMultiLine(ml: boolean): void {
  ln.mlmode = ml;
}

/**
 * Whether $TERM names a terminal on which lines cannot be edited.
 *
 * @own linenoise.c:223 isUnsupportedTerm
 */
export function isUnsupportedTerm(): boolean {
  const term = posix.getenv('TERM');
  if (term === undefined) return false;
  return unsupported_term.some((t) => strcaseeq(term, t));
}

/**
 * Byte by byte, no echo, no signals. 0, or -1 with ENOTTY. (The mode is restored when the process ends, however it
 * does: node sees to that.)
 *
 * @own linenoise.c:234 enableRawMode
 */
export function enableRawMode(fd: number): number {
  if (!posix.isatty(STDIN_FILENO) || posix.setRawMode(fd, true) === -1) {
    posix.errno = ENOTTY;
    return -1;
  }
  ln.rawmode = true;
  return 0;
}

/** Back to the mode of before. @own linenoise.c:269 disableRawMode */
export function disableRawMode(fd: number): void {
  if (ln.rawmode && posix.setRawMode(fd, false) !== -1) ln.rawmode = false;
}

/**
 * Asks the terminal in which column the cursor is; -1 when it does not answer.
 *
 * @own linenoise.c:278 getCursorPosition
 */
export function getCursorPosition(ifd: number, ofd: number): number {
  if (!writeAll(ofd, '\x1b[6n')) return -1;

  // The answer is ESC [ rows ; cols R.
  let buf = '';
  while (buf.length < 31) {
    const c = readKey(ifd);
    if (c === -1 || c === 0x52) break;
    buf += String.fromCharCode(c);
  }
  const m = /^\x1b\[\d+;(\d+)/.exec(buf);
  return m === null ? -1 : Number(m[1]);
}

/**
 * The width of the terminal: from the system, else by sending the cursor to the right margin, else 80.
 *
 * @own linenoise.c:302 getColumns
 */
export function getColumns(ifd: number, ofd: number): number {
  const ws_col = posix.terminalColumns(STDOUT_FILENO);
  if (ws_col > 0) return ws_col;

  const start = getCursorPosition(ifd, ofd);
  if (start === -1) return 80;
  if (!writeAll(ofd, '\x1b[999C')) return 80;
  const cols = getCursorPosition(ifd, ofd);
  if (cols === -1) return 80;
  if (cols > start) writeAll(ofd, `\x1b[${cols - start}D`);
  return cols;
}

/** Clears the screen. @own linenoise.c:336 linenoiseClearScreen */
export function linenoiseClearScreen(): void {
  writeAll(STDOUT_FILENO, '\x1b[H\x1b[2J');
}

/** Says that there is nothing (more) to complete. @own linenoise.c:344 linenoiseBeep */
export function linenoiseBeep(): void {
  fputs('\x07', stderr);
}

/* ---------------------------------------------------------------------------------------------------------------
 * Completion
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * After a tab: shows one completion after the other, one a tab, and the line as it was after the last. Escape goes back
 * to the line as it was, any other key takes what is shown. That key is returned, to be handled as usual; -1 at the
 * end of the input.
 *
 * @own linenoise.c:366 completeLine
 */
export function completeLine(ls: linenoiseState): number {
  const lc: string[] = [];
  ln.completionCallback!(ls.buf, lc);
  if (lc.length === 0) {
    linenoiseBeep();
    return 0;
  }

  let i = 0;
  for (;;) {
    if (i < lc.length) {
      const { buf, pos } = ls;
      ls.buf = lc[i];
      ls.pos = lc[i].length;
      refreshLine(ls);
      ls.buf = buf;
      ls.pos = pos;
    } else {
      refreshLine(ls);
    }

    const c = readKey(ls.ifd);
    if (c === -1) return -1;
    switch (c) {
      case TAB:
        i = (i + 1) % (lc.length + 1);
        if (i === lc.length) linenoiseBeep();
        break;
      case ESC:
        if (i < lc.length) refreshLine(ls);
        return c;
      default:
        if (i < lc.length) {
          ls.buf = lc[i].slice(0, ls.buflen);
          ls.pos = ls.buf.length;
        }
        return c;
    }
  }
}

/** Sets who knows how a line may go on. @own linenoise.c:425 linenoiseSetCompletionCallback */
export function linenoiseSetCompletionCallback(fn: linenoiseCompletionCallback | null): void {
  ln.completionCallback = fn;
}

/** Sets who knows what to show behind a line. @own linenoise.c:431 linenoiseSetHintsCallback */
export function linenoiseSetHintsCallback(fn: linenoiseHintsCallback | null): void {
  ln.hintsCallback = fn;
}

/** Adds a completion; for the callback. @own linenoise.c:445 linenoiseAddCompletion */
export function linenoiseAddCompletion(lc: string[], str: string): void {
  lc.push(str);
}

/* ---------------------------------------------------------------------------------------------------------------
 * Line editing
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * The hint for the line as it is drawn, cut to what is left of the row; empty when there is none or no room. (C appends
 * it to a buffer.)
 *
 * @own linenoise.c:492 refreshShowHints
 */
export function refreshShowHints(l: linenoiseState, plen: number): string {
  if (ln.hintsCallback === null || plen + l.buf.length >= l.cols) return '';
  const hint = ln.hintsCallback(l.buf);
  if (hint === null) return '';
  const text = hint.text.slice(0, l.cols - (plen + l.buf.length));
  let { color } = hint;
  if (hint.bold === 1 && color === -1) color = 37;
  if (color === -1 && hint.bold === 0) return text;
  return `\x1b[${hint.bold};${color};49m${text}\x1b[0m`;
}

/**
 * Draws the line in one row; of a line that is too long the part around the cursor.
 *
 * @own linenoise.c:520 refreshSingleLine
 */
export function refreshSingleLine(l: linenoiseState): void {
  const { plen } = l;
  let { buf, pos } = l;
  while (plen + pos >= l.cols && pos > 0) {
    buf = buf.slice(1);
    pos--;
  }
  buf = buf.slice(0, Math.max(l.cols - plen, 0));

  let ab = '\r' + l.prompt;
  ab += ln.maskmode ? '*'.repeat(buf.length) : buf;
  ab += refreshShowHints(l, plen);
  // Erase what is right of it, and set the cursor.
  ab += `\x1b[0K\r\x1b[${pos + plen}C`;
  writeAll(l.ofd, ab);
}

/**
 * Draws the line over as many rows as it needs.
 *
 * @own linenoise.c:565 refreshMultiLine
 */
export function refreshMultiLine(l: linenoiseState): void {
  const { plen } = l;
  const len = l.buf.length;
  /** Rows that the line takes. */
  let rows = Math.trunc((plen + len + l.cols - 1) / l.cols);
  /** Row of the cursor as it was drawn last. */
  const rpos = Math.trunc((plen + l.oldpos + l.cols) / l.cols);
  const old_rows = l.maxrows;
  if (rows > l.maxrows) l.maxrows = rows;

  // Clear what was drawn before, from its last row up.
  let ab = '';
  if (old_rows - rpos > 0) ab += `\x1b[${old_rows - rpos}B`;
  for (let j = 0; j < old_rows - 1; j++) ab += '\r\x1b[0K\x1b[1A';
  ab += '\r\x1b[0K';

  ab += l.prompt;
  ab += ln.maskmode ? '*'.repeat(len) : l.buf;
  ab += refreshShowHints(l, plen);

  // At the very end of a row the cursor belongs on the next one, which a terminal shows only after a line feed.
  if (l.pos && l.pos === len && (l.pos + plen) % l.cols === 0) {
    ab += '\n\r';
    rows++;
    if (rows > l.maxrows) l.maxrows = rows;
  }

  /** Row where the cursor belongs. */
  const rpos2 = Math.trunc((plen + l.pos + l.cols) / l.cols);
  if (rows - rpos2 > 0) ab += `\x1b[${rows - rpos2}A`;
  const col = (plen + l.pos) % l.cols;
  ab += col ? `\r\x1b[${col}C` : '\r';
  l.oldpos = l.pos;
  writeAll(l.ofd, ab);
}

/** Draws the line. @own linenoise.c:655 refreshLine */
export function refreshLine(l: linenoiseState): void {
  if (ln.mlmode) refreshMultiLine(l);
  else refreshSingleLine(l);
}

/**
 * Inserts a byte at the cursor. -1 when the terminal cannot be written, else 0.
 *
 * @own linenoise.c:665 linenoiseEditInsert
 */
export function linenoiseEditInsert(l: linenoiseState, c: number): number {
  const ch = String.fromCharCode(c);
  if (l.buf.length >= l.buflen) return 0;
  if (l.buf.length === l.pos) {
    l.buf += ch;
    l.pos++;
    if (!ln.mlmode && l.plen + l.buf.length < l.cols && ln.hintsCallback === null) {
      // Nothing but the new character has to be drawn.
      if (!writeAll(l.ofd, ln.maskmode ? '*' : ch)) return -1;
    } else {
      refreshLine(l);
    }
  } else {
    l.buf = l.buf.slice(0, l.pos) + ch + l.buf.slice(l.pos);
    l.pos++;
    refreshLine(l);
  }
  return 0;
}

/** Cursor one to the left. @own linenoise.c:693 linenoiseEditMoveLeft */
export function linenoiseEditMoveLeft(l: linenoiseState): void {
  if (l.pos > 0) {
    l.pos--;
    refreshLine(l);
  }
}

/** Cursor one to the right. @own linenoise.c:701 linenoiseEditMoveRight */
export function linenoiseEditMoveRight(l: linenoiseState): void {
  if (l.pos !== l.buf.length) {
    l.pos++;
    refreshLine(l);
  }
}

/** Cursor to the start. @own linenoise.c:709 linenoiseEditMoveHome */
export function linenoiseEditMoveHome(l: linenoiseState): void {
  if (l.pos !== 0) {
    l.pos = 0;
    refreshLine(l);
  }
}

/** Cursor to the end. @own linenoise.c:717 linenoiseEditMoveEnd */
export function linenoiseEditMoveEnd(l: linenoiseState): void {
  if (l.pos !== l.buf.length) {
    l.pos = l.buf.length;
    refreshLine(l);
  }
}

/**
 * Shows the next older or newer entry of the history instead of the line. What was typed stays in the entry that is
 * left, until the line is entered.
 *
 * @own linenoise.c:728 linenoiseEditHistoryNext
 */
export function linenoiseEditHistoryNext(l: linenoiseState, dir: number): void {
  const history_len = ln.history.length;
  if (history_len > 1) {
    ln.history[history_len - 1 - l.history_index] = l.buf;
    l.history_index += dir === LINENOISE_HISTORY_PREV ? 1 : -1;
    if (l.history_index < 0) {
      l.history_index = 0;
      return;
    } else if (l.history_index >= history_len) {
      l.history_index = history_len - 1;
      return;
    }
    l.buf = ln.history[history_len - 1 - l.history_index].slice(0, l.buflen);
    l.pos = l.buf.length;
    refreshLine(l);
  }
}

/** Deletes the character under the cursor. @own linenoise.c:752 linenoiseEditDelete */
export function linenoiseEditDelete(l: linenoiseState): void {
  if (l.buf.length > 0 && l.pos < l.buf.length) {
    l.buf = l.buf.slice(0, l.pos) + l.buf.slice(l.pos + 1);
    refreshLine(l);
  }
}

/** Deletes the character before the cursor. @own linenoise.c:762 linenoiseEditBackspace */
export function linenoiseEditBackspace(l: linenoiseState): void {
  if (l.pos > 0 && l.buf.length > 0) {
    l.buf = l.buf.slice(0, l.pos - 1) + l.buf.slice(l.pos);
    l.pos--;
    refreshLine(l);
  }
}

/** Deletes the word before the cursor. @own linenoise.c:774 linenoiseEditDeletePrevWord */
export function linenoiseEditDeletePrevWord(l: linenoiseState): void {
  const old_pos = l.pos;
  while (l.pos > 0 && l.buf[l.pos - 1] === ' ') l.pos--;
  while (l.pos > 0 && l.buf[l.pos - 1] !== ' ') l.pos--;
  l.buf = l.buf.slice(0, l.pos) + l.buf.slice(old_pos);
  refreshLine(l);
}

/**
 * Edits a line on a terminal in raw mode until Enter. null after Ctrl-C (errno is EAGAIN), after Ctrl-D on an empty
 * line, and when the terminal cannot be written. At the end of the input it returns what there is.
 *
 * @own linenoise.c:796 linenoiseEdit
 */
export function linenoiseEdit(
  stdin_fd: number,
  stdout_fd: number,
  buflen: number,
  prompt: string,
): string | null {
  // One byte less, where C has its terminator.
  const l = new linenoiseState(
    stdin_fd,
    stdout_fd,
    buflen - 1,
    prompt,
    getColumns(stdin_fd, stdout_fd),
  );

  // The newest entry of the history is always the line itself.
  linenoiseHistoryAdd('');

  if (!writeAll(l.ofd, prompt)) return null;
  for (;;) {
    let c = readKey(l.ifd);
    if (c === -1) return l.buf;

    if (c === TAB && ln.completionCallback !== null) {
      c = completeLine(l);
      if (c < 0) return l.buf;
      if (c === KEY_NULL) continue;
    }

    switch (c) {
      case ENTER:
        ln.history.pop();
        if (ln.mlmode) linenoiseEditMoveEnd(l);
        if (ln.hintsCallback !== null) {
          // Draw it once more without the hint: that is how it stays on the screen.
          const hc = ln.hintsCallback;
          ln.hintsCallback = null;
          refreshLine(l);
          ln.hintsCallback = hc;
        }
        return l.buf;
      case CTRL_C:
        posix.errno = EAGAIN;
        return null;
      case BACKSPACE:
      case CTRL_H:
        linenoiseEditBackspace(l);
        break;
      case CTRL_D:
        if (l.buf.length > 0) {
          linenoiseEditDelete(l);
        } else {
          ln.history.pop();
          return null;
        }
        break;
      case CTRL_T:
        // Swaps the characters around the cursor.
        if (l.pos > 0 && l.pos < l.buf.length) {
          l.buf =
            l.buf.slice(0, l.pos - 1) + l.buf[l.pos] + l.buf[l.pos - 1] + l.buf.slice(l.pos + 1);
          if (l.pos !== l.buf.length - 1) l.pos++;
          refreshLine(l);
        }
        break;
      case CTRL_B:
        linenoiseEditMoveLeft(l);
        break;
      case CTRL_F:
        linenoiseEditMoveRight(l);
        break;
      case CTRL_P:
        linenoiseEditHistoryNext(l, LINENOISE_HISTORY_PREV);
        break;
      case CTRL_N:
        linenoiseEditHistoryNext(l, LINENOISE_HISTORY_NEXT);
        break;
      case ESC: {
        const seq0 = readKey(l.ifd);
        if (seq0 === -1) break;
        const seq1 = readKey(l.ifd);
        if (seq1 === -1) break;

        if (seq0 === 0x5b /* [ */) {
          if (seq1 >= 0x30 && seq1 <= 0x39) {
            const seq2 = readKey(l.ifd);
            if (seq2 === 0x7e /* ~ */ && seq1 === 0x33 /* 3 */) linenoiseEditDelete(l);
          } else {
            switch (seq1) {
              case 0x41: // A: up
                linenoiseEditHistoryNext(l, LINENOISE_HISTORY_PREV);
                break;
              case 0x42: // B: down
                linenoiseEditHistoryNext(l, LINENOISE_HISTORY_NEXT);
                break;
              case 0x43: // C: right
                linenoiseEditMoveRight(l);
                break;
              case 0x44: // D: left
                linenoiseEditMoveLeft(l);
                break;
              case 0x48: // H: home
                linenoiseEditMoveHome(l);
                break;
              case 0x46: // F: end
                linenoiseEditMoveEnd(l);
                break;
            }
          }
        } else if (seq0 === 0x4f /* O */) {
          if (seq1 === 0x48) linenoiseEditMoveHome(l);
          else if (seq1 === 0x46) linenoiseEditMoveEnd(l);
        }
        break;
      }
      case CTRL_U:
        l.buf = '';
        l.pos = 0;
        refreshLine(l);
        break;
      case CTRL_K:
        l.buf = l.buf.slice(0, l.pos);
        refreshLine(l);
        break;
      case CTRL_A:
        linenoiseEditMoveHome(l);
        break;
      case CTRL_E:
        linenoiseEditMoveEnd(l);
        break;
      case CTRL_L:
        linenoiseClearScreen();
        refreshLine(l);
        break;
      case CTRL_W:
        linenoiseEditDeletePrevWord(l);
        break;
      default:
        if (linenoiseEditInsert(l, c)) return null;
        break;
    }
  }
}

/**
 * Edits a line with the terminal in raw mode for that long. null as {@link linenoiseEdit}, or when there is no
 * terminal.
 *
 * @own linenoise.c:1010 linenoiseRaw
 */
export function linenoiseRaw(buflen: number, prompt: string): string | null {
  if (buflen === 0) {
    posix.errno = EINVAL;
    return null;
  }
  if (enableRawMode(STDIN_FILENO) === -1) return null;
  const line = linenoiseEdit(STDIN_FILENO, STDOUT_FILENO, buflen, prompt);
  disableRawMode(STDIN_FILENO);
  printf('\n');
  return line;
}

/**
 * The next line of an input that is no terminal, however long. null at the end.
 *
 * @own linenoise.c:1030 linenoiseNoTTY
 */
export function linenoiseNoTTY(): string | null {
  let line = '';
  for (;;) {
    const c = fgetc(stdin);
    if (c === EOF || c === 0x0a) return c === EOF && line.length === 0 ? null : line;
    line += String.fromCharCode(c);
  }
}

/**
 * Reads a line, with all the comfort that the input allows. It comes without its line end and is cut at a NUL, as a C
 * string is; null when there is no more, or the user has enough.
 *
 * @own linenoise.c:1066 linenoise
 */
export function linenoise(prompt: string): string | null {
  if (!posix.isatty(STDIN_FILENO)) {
    return linenoiseNoTTY();
  } else if (isUnsupportedTerm()) {
    printf(prompt);
    fflush(stdout);
    const buf = fgets(LINENOISE_MAX_LINE, stdin);
    return buf === null ? null : buf.replace(/[\r\n]+$/, '');
  }
  // C's printf of the line before may still be waiting for its line end.
  fflush(stdout);
  return linenoiseRaw(LINENOISE_MAX_LINE, prompt);
}

/* ---------------------------------------------------------------------------------------------------------------
 * History
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Adds a line as the newest entry, unless it is the same as that; the oldest goes when there are too many. 1 if added.
 *
 * @own linenoise.c:1128 linenoiseHistoryAdd
 */
export function linenoiseHistoryAdd(line: string): number {
  if (ln.history_max_len === 0) return 0;
  if (ln.history.length > 0 && ln.history[ln.history.length - 1] === line) return 0;
  if (ln.history.length === ln.history_max_len) ln.history.shift();
  ln.history.push(line);
  return 1;
}

/**
 * Sets how many lines are kept, dropping the oldest if they are too many already. 0 when `len` is not positive.
 *
 * @own linenoise.c:1161 linenoiseHistorySetMaxLen
 */
export function linenoiseHistorySetMaxLen(len: number): number {
  if (len < 1) return 0;
  ln.history_max_len = len;
  if (ln.history.length > len) ln.history = ln.history.slice(-len);
  return 1;
}

/**
 * Writes the history to a file that only its owner may read. 0, or -1 when it cannot be written.
 *
 * @own linenoise.c:1191 linenoiseHistorySave
 */
export function linenoiseHistorySave(filename: string): number {
  const fd = posix.open(filename, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (fd === -1) return -1;
  // The file may have been there with other rights.
  posix.fchmod(fd, 0o600);
  writeAll(fd, ln.history.map((line) => line + '\n').join(''));
  posix.close(fd);
  return 0;
}

/**
 * Adds the lines of a file. 0, or -1 when it cannot be read.
 *
 * @own linenoise.c:1211 linenoiseHistoryLoad
 */
export function linenoiseHistoryLoad(filename: string): number {
  const bytes = posix.readFile(filename);
  if (bytes === null) return -1;
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  for (const line of lines) linenoiseHistoryAdd(line.replace(/\r.*$/s, ''));
  return 0;
}
