/** What the tests of structures in raw bytes have in common. */
import { Ledger, ledger, useLedger, zmalloc_bytes } from '../../object/zmalloc.ts';
import { posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import type { Random } from '../support/random.ts';

/**
 * Each test of the suite gets an account of its own, in which freed blocks are overwritten, and fails if it leaves a block behind.
 */
export function accountForBlocks(): void {
  let before: Ledger;
  beforeEach(() => {
    usePosix(new LibcKernel());
    before = useLedger(new Ledger());
    ledger.arena.poison = true;
  });
  afterEach(() => {
    const left = ledger.used;
    useLedger(before);
    if (left !== 0) throw new Error(`${left} bytes were not freed`);
  });
}

/** A block with these bytes, as hexadecimal digits between which there may be spaces. */
export function block(hex: string): Buffer {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const made = zmalloc_bytes(bytes.length);
  bytes.copy(made);
  return made;
}

/** The first `len` bytes as hexadecimal digits with a space between two of them. */
export function hex(bytes: Buffer, len: number): string {
  return bytes.toString('hex', 0, len).replace(/..(?=.)/g, '$& ');
}

/** What `fn` writes to standard output. */
export function printed(fn: () => void): string {
  let text = '';
  const kernel = posix;
  const spy = Object.create(kernel) as typeof kernel;
  spy.write = (fd, buf, off, len) => {
    text += fd === 1 ? Buffer.from(buf.subarray(off, off + len)).toString('latin1') : '';
    return len;
  };
  usePosix(spy);
  try {
    fn();
  } finally {
    usePosix(kernel);
  }
  return text;
}

/** The integers at which an encoding of a listpack or ziplist begins or ends, as text, and what looks like an integer and is none. */
export const edges = [
  ...[0, 1, 12, 13, 127, 128, 4095, 4096, 32767, 32768, 8388607, 8388608].flatMap((n) => [
    String(n),
    String(-n - 1),
  ]),
  ...[2n ** 31n, 2n ** 53n, 2n ** 63n].flatMap((n) =>
    [n - 1n, n, n + 1n, -n + 1n, -n, -n - 1n].map(String),
  ),
  ...['', '-', '-0', '00', '01', '+1', ' 1', '1 ', '1a', '\0', '99999999999999999999', '1e3'],
];

/** A string: short or long around the limits of the lengths, an integer, or what resembles one. */
export function someString(random: Random): string {
  switch (random.int(0, 9)) {
    case 0:
    case 1:
    case 2:
      return `item:${random.int(0, 30)}`;
    case 3:
    case 4:
      return String(BigInt.asIntN(random.int(2, 64), BigInt(random.int(0, 2 ** 31)) ** 3n));
    case 5:
      return random.pick(edges);
    case 6:
      return Array.from({ length: random.int(0, 20) }, () =>
        String.fromCharCode(random.int(0, 255)),
      ).join('');
    case 7:
      return 'x'.repeat(random.int(60, 66));
    case 8:
      return 'y'.repeat(random.pick([random.int(120, 130), random.int(245, 260)]));
    default:
      return random.chance(0.1)
        ? 'z'.repeat(random.pick([4094, 4095, 4096, 16382, 16384, 70000]))
        : '';
  }
}
