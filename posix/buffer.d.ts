/**
 * The byte ↔ string methods of Node's Buffer that @types/node leaves out. They skip the decoding of the encoding's name, which costs more
 * than the copy itself where strings are short, as in the query buffer and the reply buffer.
 */
interface Buffer {
  latin1Slice(start?: number, end?: number): string;
  latin1Write(string: string, offset?: number, length?: number): number;
}
