/**
 * hyperloglog.c: how many different elements were added, within 0.81 %, in 12 KB at most.
 *
 * The low 14 bits of an element's hash choose one of 16384 registers; the register keeps the longest run of zeroes, the
 * one behind it included, that the other 50 bits of such an element began with. What the registers hold says how many
 * elements there were. The value is a string with a header and then the registers, in one of two forms:
 *
 *      0     4   5       8          16
 *     ┌──────┬───┬───────┬──────────┬─────────────────────────┐
 *     │"HYLL"│enc│0  0  0│card, LE  │registers                │    enc 0: dense, 1: sparse
 *     └──────┴───┴───────┴──────────┴─────────────────────────┘    card: the last count, bit 63 set when it is out of date
 *
 *     dense: 6 bits a register, the lowest bits of a byte first          sparse: runs of registers
 *
 *       byte   0        1        2                                        00llllll            ZERO  l+1 registers of 0
 *          ┌────────┬────────┬────────┬─                                  01llllll llllllll   XZERO l+1 registers of 0
 *          │11000000│22221111│33333322│                                   1vvvvvll            VAL   l+1 registers of v+1
 *          └────────┴────────┴────────┴─
 *
 * A value begins sparse, and becomes dense when a register exceeds 32 or the string hll-sparse-max-bytes.
 *
 *     PFADD   ─► hllAdd ─► hllSparseAdd, hllDenseAdd ─► hllPatLen ─► MurmurHash64A
 *     PFCOUNT ─► hllCount ─► hllSparseRegHisto, hllDenseRegHisto; of several keys hllMerge, hllRawRegHisto
 *     PFMERGE ─► hllMerge, hllSparseSet, hllDenseSet
 *
 * Who calls in: call(). Whom it calls: db, object, networking, notify.
 * What differs from C: a 64-bit hash is two halves of 32 bits, and products of such are put together from halves of 16.
 * A function that in C takes the registers takes the whole value here, and finds them behind the header: a pointer into
 * a Buffer would be an object of its own. A value that is only read may still be a latin1 string.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulkCBuffer,
  addReplyError,
  addReplyErrorFormat,
  addReplyLongLong,
  addReplyStatus,
  cstr,
} from '../networking/networking.ts';
import {
  dbAdd,
  dbUnshareStringValue,
  lookupKeyRead,
  lookupKeyWrite,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  C_ERR,
  C_OK,
  NOTIFY_STRING,
  OBJ_STRING,
  server,
  shared,
  type client,
  type robj,
} from '../server/server.h.ts';
import { bytesOf, getObjectReadOnlyString } from './bitops.ts';
import {
  LLONG_MIN,
  checkType,
  createObject,
  decrRefCount,
  objPtrSds,
  objPtrString,
  sdsEncodedObject,
  stringObjectLen,
} from './object.ts';
import { sds, sdsIncrLen, sdsMakeRoomFor, sdsfree, sdslen, sdsnewlen } from './sds.ts';
import { rand, strcasecmp } from './util.ts';

/** Where the encoding and the last count stand in the header, and where the registers begin. */
export const HLL_HDR_ENCODING = 4;
export const HLL_HDR_CARD = 8;
export const HLL_HDR_SIZE = 16;

/** Bits of the hash that choose the register; the error falls with them. */
export const HLL_P = 14;
/** Bits of the hash whose zeroes are counted. */
export const HLL_Q = 64 - HLL_P;
export const HLL_REGISTERS = 1 << HLL_P;
export const HLL_P_MASK = HLL_REGISTERS - 1;
/** Bits of a register. */
export const HLL_BITS = 6;
export const HLL_REGISTER_MAX = (1 << HLL_BITS) - 1;
export const HLL_DENSE_SIZE = HLL_HDR_SIZE + Math.floor((HLL_REGISTERS * HLL_BITS + 7) / 8);
export const HLL_DENSE = 0;
export const HLL_SPARSE = 1;
/** A byte a register: for the union that PFCOUNT makes, never in a value. */
export const HLL_RAW = 255;
export const HLL_MAX_ENCODING = 1;

const invalid_hll_err = '-INVALIDOBJ Corrupted HLL object detected';

/** The parts of a HyperLogLog: its bytes from the header on, of which `len` are in use. An sds is one. */
export interface hllhdr {
  readonly buf: Uint8Array;
  readonly len: number;
}

/* =========================== Low level bit macros ========================= */

/**
 * Marks the count in the header as out of date.
 *
 * @own macro HLL_INVALIDATE_CACHE of hyperloglog.c
 */
export function HLL_INVALIDATE_CACHE(hdr: Uint8Array): void {
  hdr[HLL_HDR_CARD + 7] |= 1 << 7;
}

/**
 * Whether the count in the header still holds.
 *
 * @own macro HLL_VALID_CACHE of hyperloglog.c
 */
export function HLL_VALID_CACHE(hdr: Uint8Array): boolean {
  return (hdr[HLL_HDR_CARD + 7] & (1 << 7)) === 0;
}

/**
 * Register `regnum` of a dense value.
 *
 * @own macro HLL_DENSE_GET_REGISTER of hyperloglog.c
 */
export function HLL_DENSE_GET_REGISTER(hdr: Uint8Array, regnum: number): number {
  const bit = regnum * HLL_BITS;
  const byte = HLL_HDR_SIZE + (bit >> 3);
  const fb = bit & 7;
  // The last register lies in one byte: of the byte behind it, which is there but no part of the value, no bit is taken.
  return ((hdr[byte] >> fb) | (hdr[byte + 1] << (8 - fb))) & HLL_REGISTER_MAX;
}

/**
 * Sets register `regnum` of a dense value to `val`, 0 to 63.
 *
 * @own macro HLL_DENSE_SET_REGISTER of hyperloglog.c
 */
export function HLL_DENSE_SET_REGISTER(hdr: Uint8Array, regnum: number, val: number): void {
  const bit = regnum * HLL_BITS;
  const byte = HLL_HDR_SIZE + (bit >> 3);
  const fb = bit & 7;
  const fb8 = 8 - fb;
  hdr[byte] = (hdr[byte] & ~(HLL_REGISTER_MAX << fb)) | (val << fb);
  hdr[byte + 1] = (hdr[byte + 1] & ~(HLL_REGISTER_MAX >> fb8)) | (val >> fb8);
}

export const HLL_SPARSE_XZERO_BIT = 0x40;
export const HLL_SPARSE_VAL_BIT = 0x80;
/** The highest register, and the longest runs, that sparse opcodes can say. */
export const HLL_SPARSE_VAL_MAX_VALUE = 32;
export const HLL_SPARSE_VAL_MAX_LEN = 4;
export const HLL_SPARSE_ZERO_MAX_LEN = 64;
export const HLL_SPARSE_XZERO_MAX_LEN = 16384;

/**
 * Whether an opcode with the first byte `b` is a ZERO.
 *
 * @own macro HLL_SPARSE_IS_ZERO of hyperloglog.c
 */
export function HLL_SPARSE_IS_ZERO(b: number): boolean {
  return (b & 0xc0) === 0;
}

/**
 * Whether an opcode with the first byte `b` is an XZERO.
 *
 * @own macro HLL_SPARSE_IS_XZERO of hyperloglog.c
 */
export function HLL_SPARSE_IS_XZERO(b: number): boolean {
  return (b & 0xc0) === HLL_SPARSE_XZERO_BIT;
}

/**
 * Whether an opcode with the byte `b` is a VAL.
 *
 * @own macro HLL_SPARSE_IS_VAL of hyperloglog.c
 */
export function HLL_SPARSE_IS_VAL(b: number): boolean {
  return (b & HLL_SPARSE_VAL_BIT) !== 0;
}

/**
 * How many registers the ZERO `b` stands for.
 *
 * @own macro HLL_SPARSE_ZERO_LEN of hyperloglog.c
 */
export function HLL_SPARSE_ZERO_LEN(b: number): number {
  return (b & 0x3f) + 1;
}

/**
 * How many registers the XZERO at `p` stands for. `end` is the end of the value: the second byte of an opcode that is
 * cut off there is the zero that ends a string in C.
 *
 * @own macro HLL_SPARSE_XZERO_LEN of hyperloglog.c
 */
export function HLL_SPARSE_XZERO_LEN(buf: Uint8Array, p: number, end: number): number {
  return (((buf[p] & 0x3f) << 8) | (p + 1 < end ? buf[p + 1] : 0)) + 1;
}

/**
 * The value of the registers of the VAL `b`.
 *
 * @own macro HLL_SPARSE_VAL_VALUE of hyperloglog.c
 */
export function HLL_SPARSE_VAL_VALUE(b: number): number {
  return ((b >> 2) & 0x1f) + 1;
}

/**
 * How many registers the VAL `b` stands for.
 *
 * @own macro HLL_SPARSE_VAL_LEN of hyperloglog.c
 */
export function HLL_SPARSE_VAL_LEN(b: number): number {
  return (b & 0x3) + 1;
}

/**
 * Writes a VAL at `p`: `len` registers of `val`.
 *
 * @own macro HLL_SPARSE_VAL_SET of hyperloglog.c
 */
export function HLL_SPARSE_VAL_SET(buf: Uint8Array, p: number, val: number, len: number): void {
  buf[p] = ((val - 1) << 2) | (len - 1) | HLL_SPARSE_VAL_BIT;
}

/**
 * Writes a ZERO of `len` registers at `p`.
 *
 * @own macro HLL_SPARSE_ZERO_SET of hyperloglog.c
 */
export function HLL_SPARSE_ZERO_SET(buf: Uint8Array, p: number, len: number): void {
  buf[p] = len - 1;
}

/**
 * Writes an XZERO of `len` registers at `p`, which takes two bytes.
 *
 * @own macro HLL_SPARSE_XZERO_SET of hyperloglog.c
 */
export function HLL_SPARSE_XZERO_SET(buf: Uint8Array, p: number, len: number): void {
  const l = len - 1;
  buf[p] = (l >> 8) | HLL_SPARSE_XZERO_BIT;
  buf[p + 1] = l & 0xff;
}

/** 0.5 / ln(2). */
export const HLL_ALPHA_INF = 0.7213475204444817;

/* ========================= HyperLogLog algorithm  ========================= */

/** The multiplier of MurmurHash64A, 0xc6a4a7935bd1e995, in halves of 32 bits, and the lower of these in halves of 16. */
const M_HIGH = 0xc6a4a793 | 0;
const M_LOW = 0x5bd1e995;
const M_LOW_HIGH = 0x5bd1;
const M_LOW_LOW = 0xe995;

/** A 64-bit hash in two halves, each a signed integer of 32 bits. */
export class hash64 {
  readonly high: number;
  readonly low: number;
  constructor(high: number, low: number) {
    this.high = high;
    this.low = low;
  }
}

/**
 * The high 32 bits of the product of `x`, taken as unsigned, and M_LOW. No partial product is above 2^32.
 *
 * @own Math.imul() gives the low ones only
 */
export function mulHighByM(x: number): number {
  const xl = x & 0xffff;
  const xh = x >>> 16;
  const mid = xh * M_LOW_LOW + ((xl * M_LOW_LOW) >>> 16);
  const mid2 = xl * M_LOW_HIGH + (mid & 0xffff);
  return (xh * M_LOW_HIGH + (mid >>> 16) + (mid2 >>> 16)) | 0;
}

/**
 * MurmurHash2 in its form for 64 bits, of the first `len` bytes of `key`. `seed` has 32 bits. Eight bytes at a time are a
 * little-endian integer.
 *
 * @c hyperloglog.c:397
 */
export function MurmurHash64A(key: string, len: number, seed: number): hash64 {
  // h = seed ^ (len * m), where len has 32 bits.
  let high = (mulHighByM(len) + Math.imul(len, M_HIGH)) | 0;
  let low = Math.imul(len, M_LOW) ^ seed;
  const end = len - (len & 7);
  let p = 0;
  let carry: number;

  for (; p < end; p += 8) {
    let kl =
      key.charCodeAt(p) |
      (key.charCodeAt(p + 1) << 8) |
      (key.charCodeAt(p + 2) << 16) |
      (key.charCodeAt(p + 3) << 24);
    let kh =
      key.charCodeAt(p + 4) |
      (key.charCodeAt(p + 5) << 8) |
      (key.charCodeAt(p + 6) << 16) |
      (key.charCodeAt(p + 7) << 24);

    // k *= m, with what the product of the lower halves carries into the higher one.
    carry = mulHighByM(kl);
    kh = (carry + Math.imul(kl, M_HIGH) + Math.imul(kh, M_LOW)) | 0;
    kl = Math.imul(kl, M_LOW);
    // k ^= k >> 47 takes the highest 17 bits to the lowest.
    kl ^= kh >>> 15;
    carry = mulHighByM(kl);
    kh = (carry + Math.imul(kl, M_HIGH) + Math.imul(kh, M_LOW)) | 0;
    kl = Math.imul(kl, M_LOW);

    high ^= kh;
    low ^= kl;
    carry = mulHighByM(low);
    high = (carry + Math.imul(low, M_HIGH) + Math.imul(high, M_LOW)) | 0;
    low = Math.imul(low, M_LOW);
  }

  const rest = len & 7;
  if (rest > 0) {
    for (let i = rest - 1; i >= 4; i--) high ^= key.charCodeAt(p + i) << ((i - 4) * 8);
    for (let i = rest < 4 ? rest - 1 : 3; i >= 0; i--) low ^= key.charCodeAt(p + i) << (i * 8);
    carry = mulHighByM(low);
    high = (carry + Math.imul(low, M_HIGH) + Math.imul(high, M_LOW)) | 0;
    low = Math.imul(low, M_LOW);
  }

  low ^= high >>> 15;
  carry = mulHighByM(low);
  high = (carry + Math.imul(low, M_HIGH) + Math.imul(high, M_LOW)) | 0;
  low = Math.imul(low, M_LOW);
  low ^= high >>> 15;
  return new hash64(high, low);
}

/**
 * Hashes the element. Returns the length of the run of zeroes with the one behind it (1 to HLL_Q + 1), times
 * HLL_REGISTERS, plus the register: C returns the first, and the second through a pointer.
 *
 * @c hyperloglog.c:452
 */
export function hllPatLen(ele: string, elesize: number): number {
  const hash = MurmurHash64A(ele, elesize, 0xadc83b19);
  const index = hash.low & HLL_P_MASK;
  // The other 50 bits, and a one above them so that the run has an end.
  const low = (hash.low >>> HLL_P) | (hash.high << (32 - HLL_P));
  const high = (hash.high >>> HLL_P) | (1 << (HLL_Q - 32));
  const count = low !== 0 ? 32 - Math.clz32(low & -low) : 64 - Math.clz32(high & -high);
  return count * HLL_REGISTERS + index;
}

/* ================== Dense representation implementation  ================== */

/**
 * Raises register `index` of a dense value to `count`. Returns 1, or 0 if it is as high already.
 *
 * @c hyperloglog.c:494
 */
export function hllDenseSet(registers: Uint8Array, index: number, count: number): number {
  const oldcount = HLL_DENSE_GET_REGISTER(registers, index);
  if (count > oldcount) {
    HLL_DENSE_SET_REGISTER(registers, index, count);
    return 1;
  }
  return 0;
}

/**
 * Adds an element to a dense value. Returns 1 if a register changed, else 0.
 *
 * @c hyperloglog.c:512
 */
export function hllDenseAdd(registers: Uint8Array, ele: string, elesize: number): number {
  const patlen = hllPatLen(ele, elesize);
  return hllDenseSet(registers, patlen & HLL_P_MASK, patlen >> HLL_P);
}

/**
 * Counts in `reghisto`, which has 64 places, how many registers of a dense value have each of the values.
 *
 * @c hyperloglog.c:520
 */
export function hllDenseRegHisto(registers: Uint8Array, reghisto: Int32Array): void {
  // Four registers fill three bytes.
  for (let p = HLL_HDR_SIZE; p < HLL_DENSE_SIZE; p += 3) {
    const word = registers[p] | (registers[p + 1] << 8) | (registers[p + 2] << 16);
    reghisto[word & 63]++;
    reghisto[(word >> 6) & 63]++;
    reghisto[(word >> 12) & 63]++;
    reghisto[word >> 18]++;
  }
}

/* ================== Sparse representation implementation  ================= */

/**
 * Turns the value of `o`, an sds, into a dense one; a dense one stays as it is. Returns C_ERR, and changes nothing, if
 * the runs do not add up to the number of registers.
 *
 * @c hyperloglog.c:585
 */
export function hllSparseToDense(o: robj): number {
  const sparse = objPtrSds(o);
  const buf = sparse.buf;
  const end = sdslen(sparse);
  let idx = 0;
  let p = HLL_HDR_SIZE;

  if (buf[HLL_HDR_ENCODING] === HLL_DENSE) return C_OK;

  // Magic and count come along.
  const dense = sdsnewlen(null, HLL_DENSE_SIZE);
  dense.buf.set(buf.subarray(0, HLL_HDR_SIZE));
  dense.buf[HLL_HDR_ENCODING] = HLL_DENSE;

  while (p < end) {
    const op = buf[p];
    if (HLL_SPARSE_IS_ZERO(op)) {
      idx += HLL_SPARSE_ZERO_LEN(op);
      p++;
    } else if (HLL_SPARSE_IS_XZERO(op)) {
      idx += HLL_SPARSE_XZERO_LEN(buf, p, end);
      p += 2;
    } else {
      let runlen = HLL_SPARSE_VAL_LEN(op);
      const regval = HLL_SPARSE_VAL_VALUE(op);
      if (runlen + idx > HLL_REGISTERS) break;
      while (runlen--) {
        HLL_DENSE_SET_REGISTER(dense.buf, idx, regval);
        idx++;
      }
      p++;
    }
  }

  if (idx !== HLL_REGISTERS) {
    sdsfree(dense);
    return C_ERR;
  }

  sdsfree(sparse);
  o.ptr = dense;
  return C_OK;
}

/**
 * Raises register `index` of the sparse value of `o`, an sds, to `count`: splits the run that the register is in,
 *
 *     before    │ ZERO 5              │         index is the third of the five
 *     after     │ ZERO 2 │VAL│ ZERO 2 │
 *
 * and joins it with its neighbours if it can. Makes the value dense if the count, or the string, becomes too big for a
 * sparse one. Returns 1 if the register changed, 0 if not, -1 if the value is no valid one.
 *
 * @c hyperloglog.c:655
 */
export function hllSparseSet(o: robj, index: number, count: number): number {
  promote: {
    if (count > HLL_SPARSE_VAL_MAX_VALUE) break promote;

    // The worst case makes five bytes of two.
    const s = sdsMakeRoomFor(objPtrSds(o), 3);
    const buf = s.buf;

    // Step 1: the opcode that the register belongs to.
    const sparse = HLL_HDR_SIZE;
    let end = sdslen(s);
    let p = sparse;
    let first = 0;
    let prev = -1;
    let next: number;
    let span = 0;
    while (p < end) {
      const op = buf[p];
      let oplen = 1;
      if (HLL_SPARSE_IS_ZERO(op)) {
        span = HLL_SPARSE_ZERO_LEN(op);
      } else if (HLL_SPARSE_IS_VAL(op)) {
        span = HLL_SPARSE_VAL_LEN(op);
      } else {
        span = HLL_SPARSE_XZERO_LEN(buf, p, end);
        oplen = 2;
      }
      if (index <= first + span - 1) break;
      prev = p;
      p += oplen;
      first += span;
    }
    if (span === 0 || p >= end) return -1;

    const op = buf[p];
    const is_zero = HLL_SPARSE_IS_ZERO(op);
    const is_xzero = HLL_SPARSE_IS_XZERO(op);
    const is_val = HLL_SPARSE_IS_VAL(op);
    next = is_xzero ? p + 2 : p + 1;
    if (next >= end) next = -1;

    // Step 2: what becomes of it. Span is its length, first its first register.
    if (is_val && HLL_SPARSE_VAL_VALUE(op) >= count) return 0;

    if ((is_val || is_zero) && span === 1) {
      // A run of one register is written over.
      HLL_SPARSE_VAL_SET(buf, p, count, 1);
    } else {
      // Any other one is split: what is before the register, the register, what is behind it.
      const seq = new Uint8Array(5);
      let n = 0;
      const last = first + span - 1;

      if (is_zero || is_xzero) {
        if (index !== first) {
          const len = index - first;
          if (len > HLL_SPARSE_ZERO_MAX_LEN) {
            HLL_SPARSE_XZERO_SET(seq, n, len);
            n += 2;
          } else {
            HLL_SPARSE_ZERO_SET(seq, n, len);
            n++;
          }
        }
        HLL_SPARSE_VAL_SET(seq, n, count, 1);
        n++;
        if (index !== last) {
          const len = last - index;
          if (len > HLL_SPARSE_ZERO_MAX_LEN) {
            HLL_SPARSE_XZERO_SET(seq, n, len);
            n += 2;
          } else {
            HLL_SPARSE_ZERO_SET(seq, n, len);
            n++;
          }
        }
      } else {
        const curval = HLL_SPARSE_VAL_VALUE(op);
        if (index !== first) {
          HLL_SPARSE_VAL_SET(seq, n, curval, index - first);
          n++;
        }
        HLL_SPARSE_VAL_SET(seq, n, count, 1);
        n++;
        if (index !== last) {
          HLL_SPARSE_VAL_SET(seq, n, curval, last - index);
          n++;
        }
      }

      // Step 3: the new opcodes take the place of the old one.
      const seqlen = n;
      const oldlen = is_xzero ? 2 : 1;
      const deltalen = seqlen - oldlen;

      if (deltalen > 0 && sdslen(s) + deltalen > server.hll_sparse_max_bytes) break promote;
      if (deltalen !== 0 && next !== -1) buf.copyWithin(next + deltalen, next, end);
      sdsIncrLen(s, deltalen);
      for (let i = 0; i < seqlen; i++) buf[p + i] = seq[i];
      end += deltalen;
    }

    // Step 4: neighbours of the same value become one run, within the five opcodes from the previous one on.
    p = prev !== -1 ? prev : sparse;
    let scanlen = 5;
    while (p < end && scanlen--) {
      const b = buf[p];
      if (HLL_SPARSE_IS_XZERO(b)) {
        p += 2;
        continue;
      } else if (HLL_SPARSE_IS_ZERO(b)) {
        p++;
        continue;
      }
      if (p + 1 < end && HLL_SPARSE_IS_VAL(buf[p + 1])) {
        const v1 = HLL_SPARSE_VAL_VALUE(b);
        const v2 = HLL_SPARSE_VAL_VALUE(buf[p + 1]);
        if (v1 === v2) {
          const len = HLL_SPARSE_VAL_LEN(b) + HLL_SPARSE_VAL_LEN(buf[p + 1]);
          if (len <= HLL_SPARSE_VAL_MAX_LEN) {
            HLL_SPARSE_VAL_SET(buf, p + 1, v1, len);
            buf.copyWithin(p, p + 1, end);
            sdsIncrLen(s, -1);
            end--;
            // The joined run may be joined with the one behind it: p stays.
            continue;
          }
        }
      }
      p++;
    }

    HLL_INVALIDATE_CACHE(buf);
    return 1;
  }

  // A register changes with the form, so that replicas, which get the command, change the form too.
  if (hllSparseToDense(o) === C_ERR) return -1;
  const dense_retval = hllDenseSet(objPtrSds(o).buf, index, count);
  serverAssert(dense_retval === 1);
  return dense_retval;
}

/**
 * Adds an element to the sparse value of `o`. Returns what hllSparseSet() does.
 *
 * @c hyperloglog.c:904
 */
export function hllSparseAdd(o: robj, ele: string, elesize: number): number {
  const patlen = hllPatLen(ele, elesize);
  return hllSparseSet(o, patlen & HLL_P_MASK, patlen >> HLL_P);
}

/**
 * Counts in `reghisto` how many registers of a sparse value have each of the values. Returns false if the runs do not add
 * up to the number of registers: C says so through a pointer.
 *
 * @c hyperloglog.c:912
 */
export function hllSparseRegHisto(hdr: hllhdr, reghisto: Int32Array): boolean {
  const buf = hdr.buf;
  const end = hdr.len;
  let idx = 0;
  let p = HLL_HDR_SIZE;

  while (p < end) {
    const op = buf[p];
    if (HLL_SPARSE_IS_ZERO(op)) {
      const runlen = HLL_SPARSE_ZERO_LEN(op);
      idx += runlen;
      reghisto[0] += runlen;
      p++;
    } else if (HLL_SPARSE_IS_XZERO(op)) {
      const runlen = HLL_SPARSE_XZERO_LEN(buf, p, end);
      idx += runlen;
      reghisto[0] += runlen;
      p += 2;
    } else {
      const runlen = HLL_SPARSE_VAL_LEN(op);
      idx += runlen;
      reghisto[HLL_SPARSE_VAL_VALUE(op)] += runlen;
      p++;
    }
  }
  return idx === HLL_REGISTERS;
}

/* ========================= HyperLogLog Count ============================== */

/**
 * Counts in `reghisto` how many registers of a raw value, a byte each, have each of the values.
 *
 * @c hyperloglog.c:946
 */
export function hllRawRegHisto(registers: Uint8Array, reghisto: Int32Array): void {
  for (let j = 0; j < HLL_REGISTERS; j++) reghisto[registers[HLL_HDR_SIZE + j]]++;
}

/**
 * The function sigma of "New cardinality estimation algorithms for HyperLogLog sketches" (Otmar Ertl, arXiv:1702.01284):
 * what registers that are still 0 tell. `x` is their share.
 *
 * @c hyperloglog.c:972
 */
export function hllSigma(x: number): number {
  if (x === 1) return Infinity;
  let zPrime: number;
  let y = 1;
  let z = x;
  do {
    x *= x;
    zPrime = z;
    z += x * y;
    y += y;
  } while (zPrime !== z);
  return z;
}

/**
 * The function tau of the same paper: what registers that are at their end tell. `x` is the share of the others.
 *
 * @c hyperloglog.c:989
 */
export function hllTau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let zPrime: number;
  let y = 1.0;
  let z = 1 - x;
  do {
    x = Math.sqrt(x);
    zPrime = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  } while (zPrime !== z);
  return z / 3;
}

/**
 * About how many different elements were added, or null if the value is sparse and its runs do not add up: C returns a
 * number then too, and says so through a pointer. Registers that no hash can give make the number as senseless as in C:
 * LLONG_MIN when it is out of range.
 *
 * @c hyperloglog.c:1014
 */
export function hllCount(hdr: hllhdr): number | bigint | null {
  const m = HLL_REGISTERS;
  // Longer than the values that a hash can give, so that those of a corrupt value have their places too.
  const reghisto = new Int32Array(64);
  const encoding = hdr.buf[HLL_HDR_ENCODING];

  if (encoding === HLL_DENSE) {
    hllDenseRegHisto(hdr.buf, reghisto);
  } else if (encoding === HLL_SPARSE) {
    if (!hllSparseRegHisto(hdr, reghisto)) return null;
  } else if (encoding === HLL_RAW) {
    hllRawRegHisto(hdr.buf, reghisto);
  } else {
    serverPanic('Unknown HyperLogLog encoding in hllCount()');
  }

  let z = m * hllTau((m - reghisto[HLL_Q + 1]) / m);
  for (let j = HLL_Q; j >= 1; --j) {
    z += reghisto[j];
    z *= 0.5;
  }
  z += m * hllSigma(reghisto[0] / m);

  // llroundl(): halves go up, and what does not fit into a long long becomes its lowest.
  const estimate = (HLL_ALPHA_INF * m * m) / z;
  if (estimate >= 2 ** 63) return LLONG_MIN;
  const floor = Math.floor(estimate);
  if (floor > Number.MAX_SAFE_INTEGER) return BigInt(floor);
  return estimate - floor >= 0.5 ? floor + 1 : floor;
}

/**
 * Adds an element to the value of `o`, an sds. Returns 1 if a register changed, 0 if not, -1 if the value is no valid one.
 *
 * @c hyperloglog.c:1052
 */
export function hllAdd(o: robj, ele: string, elesize: number): number {
  const buf = objPtrSds(o).buf;
  switch (buf[HLL_HDR_ENCODING]) {
    case HLL_DENSE:
      return hllDenseAdd(buf, ele, elesize);
    case HLL_SPARSE:
      return hllSparseAdd(o, ele, elesize);
    default:
      return -1;
  }
}

/**
 * Raises each of the registers `max`, a byte each, to what it is in the value of `hll`, which isHLLObjectOrReply() has
 * checked. Returns C_ERR if that is sparse and its runs do not add up; some registers are raised then.
 *
 * @c hyperloglog.c:1069
 */
export function hllMerge(max: Uint8Array, hll: robj): number {
  const value = getObjectReadOnlyString(hll)!;
  const end = value.length;
  const buf = bytesOf(value, 0, end);

  if (buf[HLL_HDR_ENCODING] === HLL_DENSE) {
    for (let i = 0; i < HLL_REGISTERS; i++) {
      const val = HLL_DENSE_GET_REGISTER(buf, i);
      if (val > max[i]) max[i] = val;
    }
  } else {
    let p = HLL_HDR_SIZE;
    let i = 0;
    while (p < end) {
      const op = buf[p];
      if (HLL_SPARSE_IS_ZERO(op)) {
        i += HLL_SPARSE_ZERO_LEN(op);
        p++;
      } else if (HLL_SPARSE_IS_XZERO(op)) {
        i += HLL_SPARSE_XZERO_LEN(buf, p, end);
        p += 2;
      } else {
        let runlen = HLL_SPARSE_VAL_LEN(op);
        const regval = HLL_SPARSE_VAL_VALUE(op);
        if (runlen + i > HLL_REGISTERS) break;
        while (runlen--) {
          if (regval > max[i]) max[i] = regval;
          i++;
        }
        p++;
      }
    }
    if (i !== HLL_REGISTERS) return C_ERR;
  }
  return C_OK;
}

/* ========================== HyperLogLog commands ========================== */

/**
 * A new object of an empty HyperLogLog: sparse, one XZERO for all registers.
 *
 * @c hyperloglog.c:1115
 */
export function createHLLObject(): robj {
  const sparselen =
    HLL_HDR_SIZE +
    Math.floor((HLL_REGISTERS + (HLL_SPARSE_XZERO_MAX_LEN - 1)) / HLL_SPARSE_XZERO_MAX_LEN) * 2;

  let aux = HLL_REGISTERS;
  const s = sdsnewlen(null, sparselen);
  let p = HLL_HDR_SIZE;
  while (aux) {
    let xzero = HLL_SPARSE_XZERO_MAX_LEN;
    if (xzero > aux) xzero = aux;
    HLL_SPARSE_XZERO_SET(s.buf, p, xzero);
    p += 2;
    aux -= xzero;
  }
  serverAssert(p === sparselen);

  const o = createObject(OBJ_STRING, s);
  s.buf.latin1Write('HYLL', 0, 4);
  s.buf[HLL_HDR_ENCODING] = HLL_SPARSE;
  return o;
}

/**
 * C_OK if the object is a string that looks like a HyperLogLog. Otherwise replies an error and returns C_ERR. Whether the
 * runs of a sparse one add up is not looked at.
 *
 * @c hyperloglog.c:1150
 */
export function isHLLObjectOrReply(c: client, o: robj): number {
  if (checkType(c, o, OBJ_STRING)) return C_ERR;

  if (sdsEncodedObject(o) && stringObjectLen(o) >= HLL_HDR_SIZE) {
    const encoding = hllByteAt(o, HLL_HDR_ENCODING);
    if (
      hllByteAt(o, 0) === 0x48 &&
      hllByteAt(o, 1) === 0x59 &&
      hllByteAt(o, 2) === 0x4c &&
      hllByteAt(o, 3) === 0x4c &&
      encoding <= HLL_MAX_ENCODING &&
      (encoding !== HLL_DENSE || stringObjectLen(o) === HLL_DENSE_SIZE)
    ) {
      return C_OK;
    }
  }

  addReplyError(c, '-WRONGTYPE Key is not a valid HyperLogLog string value.');
  return C_ERR;
}

/**
 * Byte `i` of a string object that is no integer; it must be there.
 *
 * @own a latin1 string is not indexed as bytes are, and bytes are not copied for one of them
 */
export function hllByteAt(o: robj, i: number): number {
  const ptr = o.ptr;
  return ptr instanceof sds ? ptr.buf[i] : (ptr as string).charCodeAt(i);
}

/**
 * PFADD key [element ...]: replies 1 if the key was made or a register changed, else 0.
 *
 * @c hyperloglog.c:1181
 */
export function pfaddCommand(c: client): void {
  let o = lookupKeyWrite(c.db, c.argv[1]);
  let updated = 0;

  if (o === null) {
    o = createHLLObject();
    dbAdd(c.db, c.argv[1], o);
    updated++;
  } else {
    if (isHLLObjectOrReply(c, o) !== C_OK) return;
    o = dbUnshareStringValue(c.db, c.argv[1], o);
  }

  for (let j = 2; j < c.argc; j++) {
    const ele = objPtrString(c.argv[j]);
    const retval = hllAdd(o, ele, ele.length);
    if (retval === 1) {
      updated++;
    } else if (retval === -1) {
      addReplyError(c, invalid_hll_err);
      return;
    }
  }

  if (updated) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_STRING, 'pfadd', c.argv[1], c.db.id);
    server.dirty += updated;
    HLL_INVALIDATE_CACHE(objPtrSds(o).buf);
  }
  addReply(c, updated ? shared.cone : shared.czero);
}

/**
 * PFCOUNT key [key ...]: of one key the count in its header, which is brought up to date first; of several the count of
 * their union.
 *
 * @c hyperloglog.c:1221
 */
export function pfcountCommand(c: client): void {
  if (c.argc > 2) {
    const max = new Uint8Array(HLL_HDR_SIZE + HLL_REGISTERS);
    max[HLL_HDR_ENCODING] = HLL_RAW;
    const registers = max.subarray(HLL_HDR_SIZE);
    for (let j = 1; j < c.argc; j++) {
      const o = lookupKeyRead(c.db, c.argv[j]);
      // A missing key is an empty set.
      if (o === null) continue;
      if (isHLLObjectOrReply(c, o) !== C_OK) return;

      if (hllMerge(registers, o) === C_ERR) {
        addReplyError(c, invalid_hll_err);
        return;
      }
    }

    addReplyLongLong(c, hllCount({ buf: max, len: max.length })!);
    return;
  }

  // The command counts as one that reads, although it may write the count: on a replica lookupKeyWrite() would delete a
  // key whose time is over, which is up to the master.
  let o = lookupKeyRead(c.db, c.argv[1]);
  if (o === null) {
    addReply(c, shared.czero);
    return;
  }
  if (isHLLObjectOrReply(c, o) !== C_OK) return;
  o = dbUnshareStringValue(c.db, c.argv[1], o);

  const hdr = objPtrSds(o);
  let card: number | bigint | null;
  if (HLL_VALID_CACHE(hdr.buf)) {
    card = hllCachedCard(hdr);
  } else {
    card = hllCount(hdr);
    if (card === null) {
      addReplyError(c, invalid_hll_err);
      return;
    }
    hdr.buf.writeBigInt64LE(BigInt(card), HLL_HDR_CARD);
    // The string has changed, so replicas get the command, which writes the same there.
    signalModifiedKey(c, c.db, c.argv[1]);
    server.dirty++;
  }
  addReplyLongLong(c, card);
}

/**
 * The count in the header, which must be a valid one and so has 63 bits.
 *
 * @own eight expressions in pfcountCommand()
 */
export function hllCachedCard(hdr: sds): number | bigint {
  const high = hdr.buf.readUInt32LE(HLL_HDR_CARD + 4);
  if (high >= 0x200000) return hdr.buf.readBigInt64LE(HLL_HDR_CARD);
  return high * 0x100000000 + hdr.buf.readUInt32LE(HLL_HDR_CARD);
}

/**
 * PFMERGE destkey sourcekey [sourcekey ...]: makes destkey the union of itself and the sources.
 *
 * @c hyperloglog.c:1317
 */
export function pfmergeCommand(c: client): void {
  const max = new Uint8Array(HLL_REGISTERS);
  let use_dense = false;

  for (let j = 1; j < c.argc; j++) {
    const o = lookupKeyRead(c.db, c.argv[j]);
    if (o === null) continue;
    if (isHLLObjectOrReply(c, o) !== C_OK) return;

    // One that is dense makes the result dense at once.
    if (hllByteAt(o, HLL_HDR_ENCODING) === HLL_DENSE) use_dense = true;

    if (hllMerge(max, o) === C_ERR) {
      addReplyError(c, invalid_hll_err);
      return;
    }
  }

  let o = lookupKeyWrite(c.db, c.argv[1]);
  if (o === null) {
    o = createHLLObject();
    dbAdd(c.db, c.argv[1], o);
  } else {
    // It was among those that are checked above.
    o = dbUnshareStringValue(c.db, c.argv[1], o);
  }

  if (use_dense && hllSparseToDense(o) === C_ERR) {
    addReplyError(c, invalid_hll_err);
    return;
  }

  for (let j = 0; j < HLL_REGISTERS; j++) {
    if (max[j] === 0) continue;
    // The form may change on the way.
    const buf = objPtrSds(o).buf;
    switch (buf[HLL_HDR_ENCODING]) {
      case HLL_DENSE:
        hllDenseSet(buf, j, max[j]);
        break;
      case HLL_SPARSE:
        hllSparseSet(o, j, max[j]);
        break;
    }
  }
  HLL_INVALIDATE_CACHE(objPtrSds(o).buf);

  signalModifiedKey(c, c.db, c.argv[1]);
  // To those who listen it is many PFADD at once.
  notifyKeyspaceEvent(NOTIFY_STRING, 'pfadd', c.argv[1], c.db.id);
  server.dirty++;
  addReply(c, shared.ok);
}

/* ========================== Testing / Debugging  ========================== */

/** How often the first part of PFSELFTEST fills all registers. */
export const HLL_TEST_CYCLES = 1000;
/** How many elements the second part adds. */
export const HLL_TEST_ELEMENTS = 10000000;

/**
 * PFSELFTEST: whether registers keep what is written into them, and whether sparse and dense values count alike and
 * within six times the standard error. Takes some seconds.
 *
 * @c hyperloglog.c:1396
 */
export function pfselftestCommand(c: client): void {
  const bitcounters = sdsnewlen(null, HLL_DENSE_SIZE);
  const o = createHLLObject();
  const err = hllSelfTest(bitcounters, o, HLL_TEST_CYCLES, HLL_TEST_ELEMENTS);
  if (err === null) addReply(c, shared.ok);
  else addReplyErrorFormat(c, err);
  sdsfree(bitcounters);
  decrRefCount(o);
}

/**
 * The tests of PFSELFTEST, on an empty dense value and an empty sparse one. Returns null, or the text of the error.
 *
 * @own the body of pfselftestCommand(), where C jumps to a label at its end
 */
export function hllSelfTest(hdr: sds, o: robj, cycles: number, elements: number): string | null {
  const bytecounters = new Uint8Array(HLL_REGISTERS);

  // Registers that share bytes must not touch each other.
  for (let j = 0; j < cycles; j++) {
    for (let i = 0; i < HLL_REGISTERS; i++) {
      const r = rand() & HLL_REGISTER_MAX;
      bytecounters[i] = r;
      HLL_DENSE_SET_REGISTER(hdr.buf, i, r);
    }
    for (let i = 0; i < HLL_REGISTERS; i++) {
      const val = HLL_DENSE_GET_REGISTER(hdr.buf, i);
      if (val !== bytecounters[i]) {
        return `TESTFAILED Register ${String(i)} should be ${String(bytecounters[i])} but is ${String(val)}`;
      }
    }
  }

  hdr.buf.fill(0, HLL_HDR_SIZE, HLL_DENSE_SIZE);
  const relerr = 1.04 / Math.sqrt(HLL_REGISTERS);
  let checkpoint = 1;
  const seedlow = rand();
  const seedhigh = rand();
  // An element is j ^ seed as eight bytes, of which only the lower four change.
  const tail = String.fromCharCode(
    seedhigh & 0xff,
    (seedhigh >> 8) & 0xff,
    (seedhigh >> 16) & 0xff,
    seedhigh >>> 24,
  );
  for (let j = 1; j <= elements; j++) {
    const low = j ^ seedlow;
    const ele =
      String.fromCharCode(low & 0xff, (low >> 8) & 0xff, (low >> 16) & 0xff, low >>> 24) + tail;
    hllDenseAdd(hdr.buf, ele, 8);
    hllAdd(o, ele, 8);
    if (j !== checkpoint) continue;

    // Few elements fit into a sparse value.
    if (j < server.hll_sparse_max_bytes / 2 && objPtrSds(o).buf[HLL_HDR_ENCODING] !== HLL_SPARSE) {
      return 'TESTFAILED sparse encoding not used';
    }

    const card = Number(hllCount(hdr));
    if (card !== Number(hllCount(objPtrSds(o)))) return 'TESTFAILED dense/sparse disagree';

    const abserr = Math.abs(checkpoint - card);
    let maxerr = Math.ceil(relerr * 6 * checkpoint);
    // Of ten elements two may well share a register.
    if (j === 10) maxerr = 1;
    if (abserr > maxerr) {
      return `TESTFAILED Too big error. card:${String(checkpoint)} abserr:${String(abserr)}`;
    }
    checkpoint *= 10;
  }
  return null;
}

/**
 * PFDEBUG GETREG|DECODE|ENCODING|TODENSE key: replies the registers (the value becomes dense), the runs of a sparse
 * value, the encoding, or whether the value was made dense.
 *
 * @c hyperloglog.c:1505
 */
export function pfdebugCommand(c: client): void {
  const cmd = cstr(objPtrString(c.argv[1]));

  let o = lookupKeyWrite(c.db, c.argv[2]);
  if (o === null) {
    addReplyError(c, 'The specified key does not exist');
    return;
  }
  if (isHLLObjectOrReply(c, o) !== C_OK) return;
  o = dbUnshareStringValue(c.db, c.argv[2], o);
  const hdr = objPtrSds(o);
  const encoding = hdr.buf[HLL_HDR_ENCODING];

  if (!strcasecmp(cmd, 'getreg')) {
    if (encoding === HLL_SPARSE) {
      if (hllSparseToDense(o) === C_ERR) {
        addReplyError(c, invalid_hll_err);
        return;
      }
      // The change of form goes to the replicas.
      server.dirty++;
    }

    const buf = objPtrSds(o).buf;
    addReplyArrayLen(c, HLL_REGISTERS);
    for (let j = 0; j < HLL_REGISTERS; j++) addReplyLongLong(c, HLL_DENSE_GET_REGISTER(buf, j));
  } else if (!strcasecmp(cmd, 'decode')) {
    if (encoding !== HLL_SPARSE) {
      addReplyError(c, 'HLL encoding is not sparse');
      return;
    }

    const buf = hdr.buf;
    const end = sdslen(hdr);
    let p = HLL_HDR_SIZE;
    let decoded = '';
    while (p < end) {
      const op = buf[p];
      if (decoded !== '') decoded += ' ';
      if (HLL_SPARSE_IS_ZERO(op)) {
        decoded += `z:${String(HLL_SPARSE_ZERO_LEN(op))}`;
        p++;
      } else if (HLL_SPARSE_IS_XZERO(op)) {
        decoded += `Z:${String(HLL_SPARSE_XZERO_LEN(buf, p, end))}`;
        p += 2;
      } else {
        decoded += `v:${String(HLL_SPARSE_VAL_VALUE(op))},${String(HLL_SPARSE_VAL_LEN(op))}`;
        p++;
      }
    }
    addReplyBulkCBuffer(c, decoded);
  } else if (!strcasecmp(cmd, 'encoding')) {
    addReplyStatus(c, encoding === HLL_DENSE ? 'dense' : 'sparse');
  } else if (!strcasecmp(cmd, 'todense')) {
    let conv = false;
    if (encoding === HLL_SPARSE) {
      if (hllSparseToDense(o) === C_ERR) {
        addReplyError(c, invalid_hll_err);
        return;
      }
      conv = true;
      server.dirty++;
    }
    addReply(c, conv ? shared.cone : shared.czero);
  } else {
    addReplyErrorFormat(c, `Unknown PFDEBUG subcommand '${cmd}'`);
  }
}
