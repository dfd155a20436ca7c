/**
 * geohash.c: a place on the earth as one integer, so that places near each other mostly have integers near each other.
 *
 * Longitude and latitude are each a fraction of their range, cut to `step` bits, and the bits of the two take turns:
 *
 *     latitude     y1   y2   y3                         │ 01 │ 11 │       step 1: the world in four squares,
 *     longitude  x1   x2   x3                           ├────┼────┤       first the bit of the longitude;
 *     hash       x1y1x2y2x3y3      2 * step bits        │ 00 │ 10 │       step 26: 52 bits, squares of 0.6 m
 *
 * All places in one square begin with the same bits, which makes a square a range of hashes. The neighbour of a square is
 * found by adding to the bits of one coordinate alone.
 *
 * Who calls in: geo, geohash_helper. Whom it calls: nobody.
 * What differs from C: the 64 bits are two halves of 32, because a place on the east or north end of the world has a hash
 * of 53 or 54 bits. What C fills by pointer is an object that the caller passes.
 *
 * @packageDocumentation
 */

/** 26 * 2 = 52 bits. */
export const GEO_STEP_MAX = 26;

/** The limits of the Mercator projection (EPSG:900913). */
export const GEO_LAT_MIN = -85.05112878;
export const GEO_LAT_MAX = 85.05112878;
export const GEO_LONG_MIN = -180;
export const GEO_LONG_MAX = 180;

/** A geohash: `step` bits of each coordinate. C's `bits` are high * 2^32 + low. */
export class GeoHashBits {
  /** Two unsigned halves of 32 bits. */
  high = 0;
  low = 0;
  step = 0;
}

/** From where to where a coordinate goes, in degrees. */
export class GeoHashRange {
  min = 0;
  max = 0;
}

/** A square of the grid. */
export class GeoHashArea {
  hash: GeoHashBits = new GeoHashBits();
  longitude: GeoHashRange = new GeoHashRange();
  latitude: GeoHashRange = new GeoHashRange();
}

/** The squares around one. */
export class GeoHashNeighbors {
  north: GeoHashBits = new GeoHashBits();
  east: GeoHashBits = new GeoHashBits();
  west: GeoHashBits = new GeoHashBits();
  south: GeoHashBits = new GeoHashBits();
  north_east: GeoHashBits = new GeoHashBits();
  south_east: GeoHashBits = new GeoHashBits();
  north_west: GeoHashBits = new GeoHashBits();
  south_west: GeoHashBits = new GeoHashBits();
}

export const CIRCULAR_TYPE = 1;
export const RECTANGLE_TYPE = 2;

/** What a search looks through. */
export class GeoShape {
  /** CIRCULAR_TYPE or RECTANGLE_TYPE. */
  type = 0;
  /** The centre: longitude, latitude. */
  readonly xy = [0, 0];
  /** Metres of the unit that the user has chosen. */
  conversion = 0;
  /** The box around it, in degrees: least longitude, least latitude, greatest longitude, greatest latitude. */
  readonly bounds = [0, 0, 0, 0];
  /** A radius, or height and width, in the user's unit. */
  readonly t = { radius: 0, r: { height: 0, width: 0 } };
}

/**
 * Whether a hash is the one that stands for none.
 *
 * @own macro HASHISZERO of geohash.h
 */
export function HASHISZERO(r: GeoHashBits): boolean {
  return r.high === 0 && r.low === 0 && r.step === 0;
}

/**
 * Whether a range is none.
 *
 * @own macro RANGEISZERO of geohash.h
 */
export function RANGEISZERO(r: GeoHashRange): boolean {
  return r.max === 0 && r.min === 0;
}

/**
 * Copies a hash into another one.
 *
 * @own C assigns structs
 */
export function copyHash(to: GeoHashBits, from: GeoHashBits): void {
  to.high = from.high;
  to.low = from.low;
  to.step = from.step;
}

/**
 * The 16 lowest bits of `x` with a zero in front of each.
 *
 * @own the steps that interleave64() does with 64 bits at once
 */
export function spread16(x: number): number {
  x &= 0xffff;
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

/**
 * The bits of `x` at even places, the lowest first, moved together to 16 bits.
 *
 * @own the steps that deinterleave64() does with 64 bits at once
 */
export function squash16(x: number): number {
  x &= 0x55555555;
  x = (x | (x >>> 1)) & 0x33333333;
  x = (x | (x >>> 2)) & 0x0f0f0f0f;
  x = (x | (x >>> 4)) & 0x00ff00ff;
  return (x | (x >>> 8)) & 0xffff;
}

/**
 * Puts the 32 bits of `xlo` at the even places of the bits of `hash`, those of `ylo` at the odd ones.
 *
 * @c geohash.c:52
 * @cstatic
 */
export function interleave64(xlo: number, ylo: number, hash: GeoHashBits): void {
  hash.low = (spread16(xlo) | (spread16(ylo) << 1)) >>> 0;
  hash.high = (spread16(xlo >>> 16) | (spread16(ylo >>> 16) << 1)) >>> 0;
}

/**
 * Takes the bits of a hash apart again: those at even places become the low half of the result, those at odd ones the
 * high half.
 *
 * @c geohash.c:82
 * @cstatic
 */
export function deinterleave64(interleaved: GeoHashBits): GeoHashBits {
  const { high, low } = interleaved;
  const sep = new GeoHashBits();
  sep.low = (squash16(low) | (squash16(high) << 16)) >>> 0;
  sep.high = (squash16(low >>> 1) | (squash16(high >>> 1) << 16)) >>> 0;
  return sep;
}

/**
 * Fills in the ranges of the coordinates: the projection ends before the poles.
 *
 * @c geohash.c:112
 */
export function geohashGetCoordRange(long_range: GeoHashRange, lat_range: GeoHashRange): void {
  long_range.max = GEO_LONG_MAX;
  long_range.min = GEO_LONG_MIN;
  lat_range.max = GEO_LAT_MAX;
  lat_range.min = GEO_LAT_MIN;
}

/**
 * Fills `hash` with the geohash of a place, `step` bits (1 to 32) a coordinate, within the ranges. Returns false if the
 * place is outside of them, or of what can be projected, or if an argument makes no sense.
 *
 * @c geohash.c:121
 */
export function geohashEncode(
  long_range: GeoHashRange,
  lat_range: GeoHashRange,
  longitude: number,
  latitude: number,
  step: number,
  hash: GeoHashBits,
): boolean {
  if (step > 32 || step === 0 || RANGEISZERO(lat_range) || RANGEISZERO(long_range)) return false;

  if (
    longitude > GEO_LONG_MAX ||
    longitude < GEO_LONG_MIN ||
    latitude > GEO_LAT_MAX ||
    latitude < GEO_LAT_MIN
  ) {
    return false;
  }

  hash.high = 0;
  hash.low = 0;
  hash.step = step;

  if (
    latitude < lat_range.min ||
    latitude > lat_range.max ||
    longitude < long_range.min ||
    longitude > long_range.max
  ) {
    return false;
  }

  let lat_offset = (latitude - lat_range.min) / (lat_range.max - lat_range.min);
  let long_offset = (longitude - long_range.min) / (long_range.max - long_range.min);

  // A place at the very end of a range gets one bit more than the others.
  lat_offset *= 2 ** step;
  long_offset *= 2 ** step;
  interleave64(lat_offset >>> 0, long_offset >>> 0, hash);
  return true;
}

/**
 * Fills `hash` with the geohash of a place within the ranges of the projection. Returns false if it is outside.
 *
 * @c geohash.c:153
 */
export function geohashEncodeType(
  longitude: number,
  latitude: number,
  step: number,
  hash: GeoHashBits,
): boolean {
  const long_range = new GeoHashRange();
  const lat_range = new GeoHashRange();
  geohashGetCoordRange(long_range, lat_range);
  return geohashEncode(long_range, lat_range, longitude, latitude, step, hash);
}

/**
 * The same.
 *
 * @c geohash.c:159
 */
export function geohashEncodeWGS84(
  longitude: number,
  latitude: number,
  step: number,
  hash: GeoHashBits,
): boolean {
  return geohashEncodeType(longitude, latitude, step, hash);
}

/**
 * Fills `area` with the square that a hash stands for. Returns false if the hash or a range is none.
 *
 * @c geohash.c:164
 */
export function geohashDecode(
  long_range: GeoHashRange,
  lat_range: GeoHashRange,
  hash: GeoHashBits,
  area: GeoHashArea,
): boolean {
  if (HASHISZERO(hash) || RANGEISZERO(lat_range) || RANGEISZERO(long_range)) return false;

  copyHash(area.hash, hash);
  const hash_sep = deinterleave64(hash);

  const lat_scale = lat_range.max - lat_range.min;
  const long_scale = long_range.max - long_range.min;

  const ilato = hash_sep.low;
  const ilono = hash_sep.high;
  const cells = 2 ** hash.step;

  // Both numbers have 32 bits, also after the addition.
  area.latitude.min = lat_range.min + (ilato / cells) * lat_scale;
  area.latitude.max = lat_range.min + (((ilato + 1) >>> 0) / cells) * lat_scale;
  area.longitude.min = long_range.min + (ilono / cells) * long_scale;
  area.longitude.max = long_range.min + (((ilono + 1) >>> 0) / cells) * long_scale;
  return true;
}

/**
 * Fills `area` with the square that a hash stands for in the ranges of the projection. Returns false if the hash is none.
 *
 * @c geohash.c:196
 */
export function geohashDecodeType(hash: GeoHashBits, area: GeoHashArea): boolean {
  const long_range = new GeoHashRange();
  const lat_range = new GeoHashRange();
  geohashGetCoordRange(long_range, lat_range);
  return geohashDecode(long_range, lat_range, hash, area);
}

/**
 * The same.
 *
 * @c geohash.c:202
 */
export function geohashDecodeWGS84(hash: GeoHashBits, area: GeoHashArea): boolean {
  return geohashDecodeType(hash, area);
}

/**
 * Sets `xy` to longitude and latitude of the middle of a square, which may not be outside the projection. Returns true.
 *
 * @c geohash.c:206
 */
export function geohashDecodeAreaToLongLat(area: GeoHashArea, xy: number[]): boolean {
  let x = (area.longitude.min + area.longitude.max) / 2;
  if (x > GEO_LONG_MAX) x = GEO_LONG_MAX;
  if (x < GEO_LONG_MIN) x = GEO_LONG_MIN;
  let y = (area.latitude.min + area.latitude.max) / 2;
  if (y > GEO_LAT_MAX) y = GEO_LAT_MAX;
  if (y < GEO_LAT_MIN) y = GEO_LAT_MIN;
  xy[0] = x;
  xy[1] = y;
  return true;
}

/**
 * Sets `xy` to longitude and latitude of the middle of the square that a hash stands for. Returns false if it is none.
 *
 * @c geohash.c:217
 */
export function geohashDecodeToLongLatType(hash: GeoHashBits, xy: number[]): boolean {
  const area = new GeoHashArea();
  if (!geohashDecodeType(hash, area)) return false;
  return geohashDecodeAreaToLongLat(area, xy);
}

/**
 * The same.
 *
 * @c geohash.c:224
 */
export function geohashDecodeToLongLatWGS84(hash: GeoHashBits, xy: number[]): boolean {
  return geohashDecodeToLongLatType(hash, xy);
}

/** The even and the odd places of 32 bits. */
const EVEN_BITS = 0x55555555;
const ODD_BITS = 0xaaaaaaaa;

/**
 * Moves a hash to the next square along one coordinate, eastward or northward if `d` is above 0, else the other way; from
 * one end of the world to the other. The coordinate has the bits of `mine`, the other one those of `others`: ones at these
 * are carried through by an addition, and lent through by a subtraction.
 *
 * @own the common half of geohash_move_x() and geohash_move_y()
 */
export function moveHash(hash: GeoHashBits, d: number, mine: number, others: number): void {
  // The places below 2 * step, in each half.
  const shift = 64 - hash.step * 2;
  const highmask = shift >= 32 ? 0 : 0xffffffff >>> shift;
  const lowmask = shift >= 32 ? 0xffffffff >>> (shift - 32) : 0xffffffff;
  const zzhigh = (others & highmask) >>> 0;
  const zzlow = (others & lowmask) >>> 0;

  let high = (hash.high & mine) >>> 0;
  let low = (hash.low & mine) >>> 0;
  if (d > 0) {
    // x + (zz + 1)
    low += zzlow + 1;
    high += zzhigh + (low > 0xffffffff ? 1 : 0);
  } else {
    // (x | zz) - (zz + 1)
    low = ((low | zzlow) >>> 0) - zzlow - 1;
    high = ((high | zzhigh) >>> 0) - zzhigh - (low < 0 ? 1 : 0);
  }
  hash.high = ((high & mine & highmask) | (hash.high & others)) >>> 0;
  hash.low = ((low & mine & lowmask) | (hash.low & others)) >>> 0;
}

/**
 * Moves a hash one square to the east (`d` above 0) or to the west (below 0).
 *
 * @c geohash.c:228
 * @cstatic
 */
export function geohash_move_x(hash: GeoHashBits, d: number): void {
  if (d === 0) return;
  moveHash(hash, d, ODD_BITS, EVEN_BITS);
}

/**
 * Moves a hash one square to the north (`d` above 0) or to the south (below 0).
 *
 * @c geohash.c:248
 * @cstatic
 */
export function geohash_move_y(hash: GeoHashBits, d: number): void {
  if (d === 0) return;
  moveHash(hash, d, EVEN_BITS, ODD_BITS);
}

/**
 * Fills `neighbors` with the eight squares around that of a hash.
 *
 * @c geohash.c:266
 */
export function geohashNeighbors(hash: GeoHashBits, neighbors: GeoHashNeighbors): void {
  copyHash(neighbors.east, hash);
  copyHash(neighbors.west, hash);
  copyHash(neighbors.north, hash);
  copyHash(neighbors.south, hash);
  copyHash(neighbors.south_east, hash);
  copyHash(neighbors.south_west, hash);
  copyHash(neighbors.north_east, hash);
  copyHash(neighbors.north_west, hash);

  geohash_move_x(neighbors.east, 1);
  geohash_move_y(neighbors.east, 0);

  geohash_move_x(neighbors.west, -1);
  geohash_move_y(neighbors.west, 0);

  geohash_move_x(neighbors.south, 0);
  geohash_move_y(neighbors.south, -1);

  geohash_move_x(neighbors.north, 0);
  geohash_move_y(neighbors.north, 1);

  geohash_move_x(neighbors.north_west, -1);
  geohash_move_y(neighbors.north_west, 1);

  geohash_move_x(neighbors.north_east, 1);
  geohash_move_y(neighbors.north_east, 1);

  geohash_move_x(neighbors.south_east, 1);
  geohash_move_y(neighbors.south_east, -1);

  geohash_move_x(neighbors.south_west, -1);
  geohash_move_y(neighbors.south_west, -1);
}
