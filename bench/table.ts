/**
 * What the measurements share: medians, rows of a table, and a connection that sends commands in batches.
 *
 * Who calls in: speed.ts, memory.ts, growth.ts. Whom it calls: nobody.
 */
import { createConnection, type Socket } from 'node:net';

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Prints a name and the cells of its row. */
export function printRow(name: string, ...cells: string[]): void {
  console.log(name.padEnd(22) + cells.map((cell) => cell.padStart(12)).join(''));
}

/** Commands as a client sends them. */
function encode(words: readonly (string | number)[]): string {
  const texts = words.map(String);
  return `*${texts.length}\r\n${texts.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`;
}

/** A connection that sends commands in batches and waits for all replies of a batch. */
export class Batches {
  readonly #socket: Socket;
  #waiting: { text: string; resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  /** Connects to a port of this machine. */
  static open(port: number): Promise<Batches> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Batches(socket)));
    });
  }

  /**
   * Sends the commands and, behind them, an ECHO whose reply tells that all of them were answered. Rejects when a reply
   * begins with an error.
   */
  send(commands: readonly (readonly (string | number)[])[]): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting = { text: '', resolve, reject };
    });
    this.#socket.write(commands.map(encode).join('') + encode(['ECHO', END]), 'latin1');
    return done;
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    if (text.startsWith('-')) waiting.reject(new Error(text.slice(1, text.indexOf('\r'))));
    waiting.text = (waiting.text + text).slice(-END_REPLY.length);
    if (waiting.text === END_REPLY) waiting.resolve();
  }
}

/** What no other reply ends with. */
const END = 'that was the last of the batch';
const END_REPLY = `$${END.length}\r\n${END}\r\n`;
