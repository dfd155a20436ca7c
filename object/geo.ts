/**
 * geo.c: places on the earth in a sorted set, whose scores are their geohashes.
 *
 * A score is a geohash of 52 bits, so a range of scores is a square of the grid. A search looks at nine of these, one range
 * of the sorted set each, and keeps the places that lie in its circle or rectangle:
 *
 *     GEOADD    ─► geoaddCommand ─► geohashEncodeWGS84 ─► zaddCommand      score = 3479099956230698, say
 *     GEOSEARCH ─► georadiusGeneric ─► geohashCalculateAreasByShapeWGS84
 *                                   ─► membersOfAllNeighbors ─► membersOfGeoHashBox ─► geoGetPointsInRange
 *                                                            ─► geoAppendIfWithinShape ─► decodeGeohash, distance
 *                                   ─► qsort or pqsort, reply or store
 *
 * Without ASC or DESC places come in the order in which the squares are looked at, and within one in that of the scores.
 *
 * Who calls in: call(). Whom it calls: geohash, geohash_helper, t_zset, pqsort, db, networking.
 * What differs from C: numbers that C gives through pointers are set in the shape, or in an array of two.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulkCBuffer,
  addReplyBulkSds,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyHumanLongDouble,
  addReplyLongLong,
  addReplyNull,
  addReplyNullArray,
  cstr,
  replaceClientCommandVector,
} from '../networking/networking.ts';
import { lpGetValue, lpNext, lpPos } from '../quicklist/listpack.ts';
import {
  dbDelete,
  lookupKeyRead,
  lookupKeyReadOrReply,
  setKey,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  C_ERR,
  C_OK,
  NOTIFY_GENERIC,
  NOTIFY_ZSET,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_SKIPLIST,
  OBJ_STRING,
  OBJ_ZSET,
  server,
  shared,
  zrangespec,
  type client,
  type robj,
  type zset,
} from '../server/server.h.ts';
import { DICT_OK, dictAdd } from './dict.ts';
import {
  CIRCULAR_TYPE,
  GEO_LAT_MAX,
  GEO_LAT_MIN,
  GEO_LONG_MAX,
  GEO_LONG_MIN,
  GEO_STEP_MAX,
  GeoHashBits,
  GeoHashRange,
  GeoShape,
  HASHISZERO,
  RECTANGLE_TYPE,
  copyHash,
  geohashDecodeToLongLatWGS84,
  geohashEncode,
  geohashEncodeWGS84,
} from './geohash.ts';
import {
  geohashAlign52Bits,
  geohashCalculateAreasByShapeWGS84,
  geohashGetDistance,
  geohashGetDistanceIfInRadiusWGS84,
  geohashGetDistanceIfInRectangle,
  type GeoHashRadius,
} from './geohash_helper.ts';
import { ld_from_number, printf_f } from './longdouble.ts';
import {
  LLONG_MIN,
  checkType,
  createObject,
  createRawStringObject,
  createZsetObject,
  decrRefCount,
  getDoubleFromObjectOrReply,
  getLongLongFromObjectOrReply,
  incrRefCount,
  objPtrString,
} from './object.ts';
import { pqsort, qsort } from './pqsort.ts';
import { sdsfromlonglong } from './sds.ts';
import {
  zaddCommand,
  zsetConvertToListpackIfNeeded,
  zsetScore,
  zslFirstInRange,
  zslInsert,
  zslValueLteMax,
  zzlFirstInRange,
  zzlGetScore,
  zzlNext,
} from './t_zset.ts';
import { strcasecmp } from './util.ts';

/* ---- Structures of geo.h */

/** A place that was found. */
export class geoPoint {
  longitude: number;
  latitude: number;
  /** From the centre of the search: metres, and in the end the user's unit. */
  dist: number;
  score: number;
  member: string;
  constructor(longitude: number, latitude: number, dist: number, score: number, member: string) {
    this.longitude = longitude;
    this.latitude = latitude;
    this.dist = dist;
    this.score = score;
    this.member = member;
  }
}

/** The places that were found. */
export class geoArray {
  array: geoPoint[] = [];
  used = 0;
}

/* ==================================================================== */

/**
 * A new empty array of places.
 *
 * @c geo.c:54
 */
export function geoArrayCreate(): geoArray {
  return new geoArray();
}

/**
 * Appends a place. C returns one that is to be filled.
 *
 * @c geo.c:65
 */
export function geoArrayAppend(ga: geoArray, gp: geoPoint): void {
  ga.array.push(gp);
  ga.used++;
}

/**
 * Gives an array of places up.
 *
 * @c geo.c:76
 */
export function geoArrayFree(ga: geoArray): void {
  ga.array.length = 0;
  ga.used = 0;
}

/* ==================================================================== */

/**
 * Sets the bits of `hash` to a score as an unsigned integer of 64 bits. A sorted set may have any scores, so: what is
 * behind the point is cut off, a negative one gets its two's complement, and what does not fit becomes what an x86
 * processor makes of it.
 *
 * @own the cast from double to uint64_t in decodeGeohash()
 */
export function hashBitsFromScore(score: number, hash: GeoHashBits): void {
  const bits = Math.trunc(score);
  if (bits >= 2 ** 64) {
    hash.high = 0;
    hash.low = 0;
  } else if (bits < -(2 ** 63)) {
    hash.high = 0x80000000;
    hash.low = 0;
  } else {
    hash.high = Math.floor(bits / 0x100000000) >>> 0;
    hash.low = bits >>> 0;
  }
}

/**
 * Sets `xy` to the longitude and latitude that a score stands for. Returns true.
 *
 * @c geo.c:86
 */
export function decodeGeohash(bits: number, xy: number[]): boolean {
  const hash = new GeoHashBits();
  hashBitsFromScore(bits, hash);
  hash.step = GEO_STEP_MAX;
  return geohashDecodeToLongLatWGS84(hash, xy);
}

/**
 * Sets `xy` to the longitude and latitude that are the arguments from `argv[at]` on. If they are none, or outside of what
 * can be projected, replies an error and returns C_ERR.
 *
 * @c geo.c:94
 */
export function extractLongLatOrReply(c: client, argv: robj[], at: number, xy: number[]): number {
  for (let i = 0; i < 2; i++) {
    const value = getDoubleFromObjectOrReply(c, argv[at + i], null);
    if (value === null) return C_ERR;
    xy[i] = value;
  }
  if (xy[0] < GEO_LONG_MIN || xy[0] > GEO_LONG_MAX || xy[1] < GEO_LAT_MIN || xy[1] > GEO_LAT_MAX) {
    addReplyErrorFormat(
      c,
      `-ERR invalid longitude,latitude pair ${printf_f(xy[0], 6)},${printf_f(xy[1], 6)}\r\n`,
    );
    return C_ERR;
  }
  return C_OK;
}

/**
 * Sets `xy` to the longitude and latitude of a member. C_ERR if there is no such member.
 *
 * @c geo.c:114
 */
export function longLatFromMember(zobj: robj, member: robj, xy: number[]): number {
  const score = zsetScore(zobj, objPtrString(member));
  if (score === null) return C_ERR;
  if (!decodeGeohash(score, xy)) return C_ERR;
  return C_OK;
}

/**
 * The metres of a unit: m, km, ft or mi. If it is none of these, replies an error and returns -1.
 *
 * @c geo.c:128
 */
export function extractUnitOrReply(c: client, unit: robj): number {
  const u = cstr(objPtrString(unit));

  if (!strcasecmp(u, 'm')) {
    return 1;
  } else if (!strcasecmp(u, 'km')) {
    return 1000;
  } else if (!strcasecmp(u, 'ft')) {
    return 0.3048;
  } else if (!strcasecmp(u, 'mi')) {
    return 1609.34;
  } else {
    addReplyError(c, 'unsupported unit provided. please use M, KM, FT, MI');
    return -1;
  }
}

/**
 * Sets radius and conversion of the shape to the distance and the unit that are the arguments from `argv[at]` on. If they
 * are none, replies an error and returns C_ERR.
 *
 * @c geo.c:150
 */
export function extractDistanceOrReply(
  c: client,
  argv: robj[],
  at: number,
  shape: GeoShape,
): number {
  const distance = getDoubleFromObjectOrReply(c, argv[at], 'need numeric radius');
  if (distance === null) return C_ERR;

  if (distance < 0) {
    addReplyError(c, 'radius cannot be negative');
    return C_ERR;
  }
  shape.t.radius = distance;

  const to_meters = extractUnitOrReply(c, argv[at + 1]);
  if (to_meters < 0) return C_ERR;

  shape.conversion = to_meters;
  return C_OK;
}

/**
 * Sets width, height and conversion of the shape to the arguments from `argv[at]` on: width, height, unit. If they are
 * none, replies an error and returns C_ERR.
 *
 * @c geo.c:177
 */
export function extractBoxOrReply(c: client, argv: robj[], at: number, shape: GeoShape): number {
  const w = getDoubleFromObjectOrReply(c, argv[at], 'need numeric width');
  if (w === null) return C_ERR;
  const h = getDoubleFromObjectOrReply(c, argv[at + 1], 'need numeric height');
  if (h === null) return C_ERR;

  if (h < 0 || w < 0) {
    addReplyError(c, 'height or width cannot be negative');
    return C_ERR;
  }
  shape.t.r.height = h;
  shape.t.r.width = w;

  const to_meters = extractUnitOrReply(c, argv[at + 2]);
  if (to_meters < 0) return C_ERR;

  shape.conversion = to_meters;
  return C_OK;
}

/**
 * Replies a distance with four digits behind the point, which are a decimetre if the unit is the kilometre.
 *
 * @c geo.c:206
 */
export function addReplyDoubleDistance(c: client, d: number): void {
  addReplyBulkCBuffer(c, printf_f(d, 4));
}

/**
 * Appends the member to the array if the place that its score stands for is in the shape: C_OK, else C_ERR.
 *
 * @c geo.c:217
 */
export function geoAppendIfWithinShape(
  ga: geoArray,
  shape: GeoShape,
  score: number,
  member: string,
): number {
  let distance = 0;
  const xy = [0, 0];

  if (!decodeGeohash(score, xy)) return C_ERR;
  if (shape.type === CIRCULAR_TYPE) {
    distance = geohashGetDistanceIfInRadiusWGS84(
      shape.xy[0],
      shape.xy[1],
      xy[0],
      xy[1],
      shape.t.radius * shape.conversion,
    );
    if (distance === -1) return C_ERR;
  } else if (shape.type === RECTANGLE_TYPE) {
    distance = geohashGetDistanceIfInRectangle(
      shape.t.r.width * shape.conversion,
      shape.t.r.height * shape.conversion,
      shape.xy[0],
      shape.xy[1],
      xy[0],
      xy[1],
    );
    if (distance === -1) return C_ERR;
  }

  geoArrayAppend(ga, new geoPoint(xy[0], xy[1], distance, score, member));
  return C_OK;
}

/**
 * Appends to the array the members with scores from `min` on and below `max` that are in the shape, and stops when it has
 * `limit` places in all (0: no limit). Returns how many were appended.
 *
 * @c geo.c:255
 */
export function geoGetPointsInRange(
  zobj: robj,
  min: number,
  max: number,
  shape: GeoShape,
  ga: geoArray,
  limit: number,
): number {
  const range = new zrangespec();
  range.min = min;
  range.max = max;
  range.maxex = 1;
  const origincount = ga.used;

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();

    eptr.p = zzlFirstInRange(zl, range);
    if (eptr.p === 0) return 0;

    sptr.p = lpNext(zl, eptr.p);
    while (eptr.p !== 0) {
      const score = zzlGetScore(zl, sptr.p);
      if (!zslValueLteMax(score, range)) break;

      geoAppendIfWithinShape(ga, shape, score, String(lpGetValue(zl, eptr.p)));
      if (ga.used && limit && ga.used >= limit) break;
      zzlNext(zl, eptr, sptr);
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zobj.ptr as zset;
    let ln = zslFirstInRange(zs.zsl, range);

    while (ln !== null) {
      if (!zslValueLteMax(ln.score, range)) break;

      geoAppendIfWithinShape(ga, shape, ln.score, ln.ele!);
      if (ga.used && limit && ga.used >= limit) break;
      ln = ln.forward(0);
    }
  }
  return ga.used - origincount;
}

/**
 * The scores of the places in a square: from `min` on, and below `max`. As numbers of 52 bits, all of them begin with the
 * bits of the hash, and `max` begins with the next hash.
 *
 *     step 3    hash 101010    min 101010 000...    max 101011 000...
 *
 * @c geo.c:320
 */
export function scoresOfGeoHashBox(hash: GeoHashBits): { min: number; max: number } {
  const min = Number(geohashAlign52Bits(hash));
  const next = new GeoHashBits();
  copyHash(next, hash);
  next.low = (next.low + 1) >>> 0;
  if (next.low === 0) next.high = (next.high + 1) >>> 0;
  return { min, max: Number(geohashAlign52Bits(next)) };
}

/**
 * Appends to the array the members in a square that are in the shape. Returns how many.
 *
 * @c geo.c:349
 */
export function membersOfGeoHashBox(
  zobj: robj,
  hash: GeoHashBits,
  ga: geoArray,
  shape: GeoShape,
  limit: number,
): number {
  const { min, max } = scoresOfGeoHashBox(hash);
  return geoGetPointsInRange(zobj, min, max, shape, ga, limit);
}

/**
 * Appends to the array the members in the nine squares that are in the shape, until it has `limit` places (0: no limit).
 * Returns how many.
 *
 * @c geo.c:357
 */
export function membersOfAllNeighbors(
  zobj: robj,
  n: GeoHashRadius,
  shape: GeoShape,
  ga: geoArray,
  limit: number,
): number {
  const neighbors = [
    n.hash,
    n.neighbors.north,
    n.neighbors.south,
    n.neighbors.east,
    n.neighbors.west,
    n.neighbors.north_east,
    n.neighbors.north_west,
    n.neighbors.south_east,
    n.neighbors.south_west,
  ];
  let count = 0;
  let last_processed = 0;

  for (let i = 0; i < neighbors.length; i++) {
    const neighbor = neighbors[i];
    if (HASHISZERO(neighbor)) continue;

    // When squares are half the world, one may be the neighbour on more than one side.
    const last = neighbors[last_processed];
    if (
      last_processed &&
      neighbor.high === last.high &&
      neighbor.low === last.low &&
      neighbor.step === last.step
    ) {
      continue;
    }
    if (ga.used && limit && ga.used >= limit) break;
    count += membersOfGeoHashBox(zobj, neighbor, ga, shape, limit);
    last_processed = i;
  }
  return count;
}

/**
 * Compares places by their distance, the nearest first.
 *
 * @c geo.c:416
 * @cstatic
 */
export function sort_gp_asc(gpa: geoPoint, gpb: geoPoint): number {
  if (gpa.dist > gpb.dist) return 1;
  else if (gpa.dist === gpb.dist) return 0;
  else return -1;
}

/**
 * Compares places by their distance, the farthest first.
 *
 * @c geo.c:428
 * @cstatic
 */
export function sort_gp_desc(gpa: geoPoint, gpb: geoPoint): number {
  return -sort_gp_asc(gpa, gpb);
}

/* ==================================================================== */

/**
 * GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]: becomes a ZADD with the geohashes as
 * scores, also for the replicas.
 *
 * @c geo.c:437
 */
export function geoaddCommand(c: client): void {
  let xx = false;
  let nx = false;
  let longidx = 2;

  while (longidx < c.argc) {
    const opt = objPtrString(c.argv[longidx]);
    if (!strcasecmp(opt, 'nx')) nx = true;
    else if (!strcasecmp(opt, 'xx')) xx = true;
    // CH is for ZADD alone.
    else if (strcasecmp(opt, 'ch')) break;
    longidx++;
  }

  if ((c.argc - longidx) % 3 || (xx && nx)) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const elements = (c.argc - longidx) / 3;
  const argv: robj[] = [createRawStringObject('zadd')];
  for (let i = 1; i < longidx; i++) {
    argv.push(c.argv[i]);
    incrRefCount(c.argv[i]);
  }

  const xy = [0, 0];
  const hash = new GeoHashBits();
  for (let i = 0; i < elements; i++) {
    if (extractLongLatOrReply(c, c.argv, longidx + i * 3, xy) === C_ERR) {
      for (const o of argv) decrRefCount(o);
      return;
    }

    geohashEncodeWGS84(xy[0], xy[1], GEO_STEP_MAX, hash);
    const bits = geohashAlign52Bits(hash);
    const val = c.argv[longidx + i * 3 + 2];
    argv.push(createObject(OBJ_STRING, sdsfromlonglong(bits)), val);
    incrRefCount(val);
  }

  replaceClientCommandVector(c, argv);
  zaddCommand(c);
}

export const SORT_NONE = 0;
export const SORT_ASC = 1;
export const SORT_DESC = 2;

/** The centre is a longitude and a latitude. */
export const RADIUS_COORDS = 1 << 0;
/** The centre is a member. */
export const RADIUS_MEMBER = 1 << 1;
/** STORE and STOREDIST are no options. */
export const RADIUS_NOSTORE = 1 << 2;
/** Centre and shape are options. */
export const GEOSEARCH = 1 << 3;
/** The first argument is the key to store under, and STOREDIST an option. */
export const GEOSEARCHSTORE = 1 << 4;

/**
 * All commands that search:
 *
 *     GEORADIUS key longitude latitude radius unit [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]
 *                                                  [STORE key | STOREDIST key]
 *     GEORADIUSBYMEMBER key member radius unit ...the same...
 *     GEOSEARCH key FROMMEMBER member | FROMLONLAT longitude latitude  BYRADIUS radius unit | BYBOX width height unit
 *                   [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]
 *     GEOSEARCHSTORE destination source ...centre and shape...  [COUNT count [ANY]] [ASC|DESC] [STOREDIST]
 *
 * Which one it is stands in `flags`, and `srcKeyIndex` is the argument with the sorted set. Replies the members, nearest
 * first with COUNT, or stores them and replies how many.
 *
 * @c geo.c:515
 */
export function georadiusGeneric(c: client, srcKeyIndex: number, flags: number): void {
  let storekey: robj | null = null;
  let storedist = false;

  const zobj = lookupKeyRead(c.db, c.argv[srcKeyIndex]);
  if (checkType(c, zobj, OBJ_ZSET)) return;

  // What stands before the options.
  let base_args: number;
  const shape = new GeoShape();
  if (flags & RADIUS_COORDS) {
    base_args = 6;
    shape.type = CIRCULAR_TYPE;
    if (extractLongLatOrReply(c, c.argv, 2, shape.xy) === C_ERR) return;
    if (extractDistanceOrReply(c, c.argv, base_args - 2, shape) !== C_OK) return;
  } else if (flags & RADIUS_MEMBER && zobj === null) {
    // What is to be replied depends on the options, so that they are read all the same.
    base_args = 5;
  } else if (flags & RADIUS_MEMBER) {
    base_args = 5;
    shape.type = CIRCULAR_TYPE;
    if (longLatFromMember(zobj!, c.argv[2], shape.xy) === C_ERR) {
      addReplyError(c, 'could not decode requested zset member');
      return;
    }
    if (extractDistanceOrReply(c, c.argv, base_args - 2, shape) !== C_OK) return;
  } else if (flags & GEOSEARCH) {
    base_args = 2;
    if (flags & GEOSEARCHSTORE) {
      base_args = 3;
      storekey = c.argv[1];
    }
  } else {
    addReplyError(c, 'Unknown georadius search type');
    return;
  }

  let withdist = false;
  let withhash = false;
  let withcoords = false;
  let frommember = false;
  let fromloc = false;
  let byradius = false;
  let bybox = false;
  let sort = SORT_NONE;
  // With ANY the search ends when it has enough, near or far.
  let any = false;
  // 0: no limit.
  let count = 0;
  if (c.argc > base_args) {
    const remaining = c.argc - base_args;
    for (let i = 0; i < remaining; i++) {
      const at = base_args + i;
      const arg = objPtrString(c.argv[at]);
      if (!strcasecmp(arg, 'withdist')) {
        withdist = true;
      } else if (!strcasecmp(arg, 'withhash')) {
        withhash = true;
      } else if (!strcasecmp(arg, 'withcoord')) {
        withcoords = true;
      } else if (!strcasecmp(arg, 'any')) {
        any = true;
      } else if (!strcasecmp(arg, 'asc')) {
        sort = SORT_ASC;
      } else if (!strcasecmp(arg, 'desc')) {
        sort = SORT_DESC;
      } else if (!strcasecmp(arg, 'count') && i + 1 < remaining) {
        const n = getLongLongFromObjectOrReply(c, c.argv[at + 1], null);
        if (n === null) return;
        count = Number(n);
        if (count <= 0) {
          addReplyError(c, 'COUNT must be > 0');
          return;
        }
        i++;
      } else if (
        !strcasecmp(arg, 'store') &&
        i + 1 < remaining &&
        !(flags & RADIUS_NOSTORE) &&
        !(flags & GEOSEARCH)
      ) {
        storekey = c.argv[at + 1];
        storedist = false;
        i++;
      } else if (
        !strcasecmp(arg, 'storedist') &&
        i + 1 < remaining &&
        !(flags & RADIUS_NOSTORE) &&
        !(flags & GEOSEARCH)
      ) {
        storekey = c.argv[at + 1];
        storedist = true;
        i++;
      } else if (!strcasecmp(arg, 'storedist') && flags & GEOSEARCH && flags & GEOSEARCHSTORE) {
        storedist = true;
      } else if (
        !strcasecmp(arg, 'frommember') &&
        i + 1 < remaining &&
        flags & GEOSEARCH &&
        !fromloc
      ) {
        // Of a key that is missing no member can be looked up.
        if (zobj !== null && longLatFromMember(zobj, c.argv[at + 1], shape.xy) === C_ERR) {
          addReplyError(c, 'could not decode requested zset member');
          return;
        }
        frommember = true;
        i++;
      } else if (
        !strcasecmp(arg, 'fromlonlat') &&
        i + 2 < remaining &&
        flags & GEOSEARCH &&
        !frommember
      ) {
        if (extractLongLatOrReply(c, c.argv, at + 1, shape.xy) === C_ERR) return;
        fromloc = true;
        i += 2;
      } else if (!strcasecmp(arg, 'byradius') && i + 2 < remaining && flags & GEOSEARCH && !bybox) {
        if (extractDistanceOrReply(c, c.argv, at + 1, shape) !== C_OK) return;
        shape.type = CIRCULAR_TYPE;
        byradius = true;
        i += 2;
      } else if (!strcasecmp(arg, 'bybox') && i + 3 < remaining && flags & GEOSEARCH && !byradius) {
        if (extractBoxOrReply(c, c.argv, at + 1, shape) !== C_OK) return;
        shape.type = RECTANGLE_TYPE;
        bybox = true;
        i += 3;
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
    }
  }

  if (storekey !== null && (withdist || withhash || withcoords)) {
    const name = flags & GEOSEARCHSTORE ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    addReplyErrorFormat(
      c,
      `${name} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`,
    );
    return;
  }

  if (flags & GEOSEARCH && !(frommember || fromloc)) {
    addReplyErrorFormat(
      c,
      `exactly one of FROMMEMBER or FROMLONLAT can be specified for ${cstr(objPtrString(c.argv[0]))}`,
    );
    return;
  }

  if (flags & GEOSEARCH && !(byradius || bybox)) {
    addReplyErrorFormat(
      c,
      `exactly one of BYRADIUS and BYBOX can be specified for ${cstr(objPtrString(c.argv[0]))}`,
    );
    return;
  }

  if (any && !count) {
    addReplyErrorFormat(c, 'the ANY argument requires COUNT argument');
    return;
  }

  if (zobj === null) {
    if (storekey !== null) {
      // Nothing was found, and that is what is stored.
      if (dbDelete(c.db, storekey)) {
        signalModifiedKey(c, c.db, storekey);
        notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', storekey, c.db.id);
        server.dirty++;
      }
      addReply(c, shared.czero);
    } else {
      addReply(c, shared.emptyarray);
    }
    return;
  }

  // The first few are the nearest ones, unless any will do.
  if (count !== 0 && sort === SORT_NONE && !any) sort = SORT_ASC;

  const georadius = geohashCalculateAreasByShapeWGS84(shape);

  const ga = geoArrayCreate();
  membersOfAllNeighbors(zobj, georadius, shape, ga, any ? count : 0);

  if (ga.used === 0 && storekey === null) {
    addReply(c, shared.emptyarray);
    geoArrayFree(ga);
    return;
  }

  const result_length = ga.used;
  const returned_items = count === 0 || result_length < count ? result_length : count;

  if (sort !== SORT_NONE) {
    const sort_gp_callback = sort === SORT_ASC ? sort_gp_asc : sort_gp_desc;
    if (returned_items === result_length) {
      qsort(ga.array, result_length, sort_gp_callback);
    } else {
      pqsort(ga.array, result_length, sort_gp_callback, 0, returned_items - 1);
    }
  }

  if (storekey === null) {
    // A member with options is an array of its own.
    let option_length = 0;
    if (withdist) option_length++;
    if (withcoords) option_length++;
    if (withhash) option_length++;

    addReplyArrayLen(c, returned_items);

    for (let i = 0; i < returned_items; i++) {
      const gp = ga.array[i];
      gp.dist /= shape.conversion;

      if (option_length) addReplyArrayLen(c, option_length + 1);

      addReplyBulkSds(c, gp.member);

      if (withdist) addReplyDoubleDistance(c, gp.dist);

      if (withhash) addReplyLongLong(c, longLongFromScore(gp.score));

      if (withcoords) {
        addReplyArrayLen(c, 2);
        addReplyHumanLongDouble(c, ld_from_number(gp.longitude));
        addReplyHumanLongDouble(c, ld_from_number(gp.latitude));
      }
    }
  } else {
    let maxelelen = 0;
    let totelelen = 0;

    if (returned_items) {
      const target = createZsetObject();
      const zs = target.ptr as zset;

      for (let i = 0; i < returned_items; i++) {
        const gp = ga.array[i];
        gp.dist /= shape.conversion;
        const score = storedist ? gp.dist : gp.score;
        const elelen = gp.member.length;

        if (maxelelen < elelen) maxelelen = elelen;
        totelelen += elelen;
        const znode = zslInsert(zs.zsl, score, gp.member);
        serverAssert(dictAdd(zs.dict, gp.member, znode.level) === DICT_OK);
      }

      zsetConvertToListpackIfNeeded(target, maxelelen, totelelen);
      setKey(c, c.db, storekey, target, 0);
      decrRefCount(target);
      notifyKeyspaceEvent(
        NOTIFY_ZSET,
        flags & GEOSEARCH ? 'geosearchstore' : 'georadiusstore',
        storekey,
        c.db.id,
      );
      server.dirty += returned_items;
    } else if (dbDelete(c.db, storekey)) {
      signalModifiedKey(c, c.db, storekey);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', storekey, c.db.id);
      server.dirty++;
    }
    addReplyLongLong(c, returned_items);
  }
  geoArrayFree(ga);
}

/**
 * A score as a signed integer of 64 bits: what is behind the point is cut off, and what does not fit becomes the lowest.
 *
 * @own the cast from double to long long in georadiusGeneric()
 */
export function longLongFromScore(score: number): number | bigint {
  const n = Math.trunc(score);
  if (Number.isSafeInteger(n)) return n;
  if (n >= -(2 ** 63) && n < 2 ** 63) return BigInt(n);
  return LLONG_MIN;
}

/**
 * The command GEORADIUS: see georadiusGeneric().
 *
 * @c geo.c:839
 */
export function georadiusCommand(c: client): void {
  georadiusGeneric(c, 1, RADIUS_COORDS);
}

/**
 * The command GEORADIUSBYMEMBER: see georadiusGeneric().
 *
 * @c geo.c:844
 */
export function georadiusbymemberCommand(c: client): void {
  georadiusGeneric(c, 1, RADIUS_MEMBER);
}

/**
 * The command GEORADIUS_RO: GEORADIUS without STORE and STOREDIST.
 *
 * @c geo.c:849
 */
export function georadiusroCommand(c: client): void {
  georadiusGeneric(c, 1, RADIUS_COORDS | RADIUS_NOSTORE);
}

/**
 * The command GEORADIUSBYMEMBER_RO: GEORADIUSBYMEMBER without STORE and STOREDIST.
 *
 * @c geo.c:854
 */
export function georadiusbymemberroCommand(c: client): void {
  georadiusGeneric(c, 1, RADIUS_MEMBER | RADIUS_NOSTORE);
}

/**
 * The command GEOSEARCH: see georadiusGeneric().
 *
 * @c geo.c:858
 */
export function geosearchCommand(c: client): void {
  georadiusGeneric(c, 1, GEOSEARCH);
}

/**
 * The command GEOSEARCHSTORE: the sorted set is its second argument.
 *
 * @c geo.c:862
 */
export function geosearchstoreCommand(c: client): void {
  georadiusGeneric(c, 2, GEOSEARCH | GEOSEARCHSTORE);
}

/** The digits of a geohash as text, 5 bits each. */
const geoalphabet = '0123456789bcdefghjkmnpqrstuvwxyz';

/**
 * GEOHASH key [member ...]: the geohashes of members as the rest of the world writes them, 11 characters, or nulls.
 *
 * @c geo.c:870
 */
export function geohashCommand(c: client): void {
  const zobj = lookupKeyRead(c.db, c.argv[1]);
  if (checkType(c, zobj, OBJ_ZSET)) return;

  addReplyArrayLen(c, c.argc - 2);
  for (let j = 2; j < c.argc; j++) {
    const score = zobj === null ? null : zsetScore(zobj, objPtrString(c.argv[j]));
    const xy = [0, 0];
    if (score === null || !decodeGeohash(score, xy)) {
      addReplyNull(c);
      continue;
    }

    // The scores' latitudes end where the projection does, those of other people at the poles: encode it anew.
    const r = [new GeoHashRange(), new GeoHashRange()];
    const hash = new GeoHashBits();
    r[0].min = -180;
    r[0].max = 180;
    r[1].min = -90;
    r[1].max = 90;
    geohashEncode(r[0], r[1], xy[0], xy[1], 26, hash);

    let buf = '';
    for (let i = 0; i < 10; i++) {
      const shift = 52 - (i + 1) * 5;
      const bits =
        shift >= 32
          ? hash.high >>> (shift - 32)
          : (hash.low >>> shift) | (hash.high << (32 - shift));
      buf += geoalphabet[bits & 0x1f];
    }
    // There are 52 bits, which are ten digits and two bits. The eleventh has always been a zero.
    addReplyBulkCBuffer(c, buf + geoalphabet[0]);
  }
}

/**
 * GEOPOS key [member ...]: longitude and latitude of members, or nulls.
 *
 * @c geo.c:932
 */
export function geoposCommand(c: client): void {
  const zobj = lookupKeyRead(c.db, c.argv[1]);
  if (checkType(c, zobj, OBJ_ZSET)) return;

  addReplyArrayLen(c, c.argc - 2);
  for (let j = 2; j < c.argc; j++) {
    const score = zobj === null ? null : zsetScore(zobj, objPtrString(c.argv[j]));
    const xy = [0, 0];
    if (score === null || !decodeGeohash(score, xy)) {
      addReplyNullArray(c);
      continue;
    }
    addReplyArrayLen(c, 2);
    addReplyHumanLongDouble(c, ld_from_number(xy[0]));
    addReplyHumanLongDouble(c, ld_from_number(xy[1]));
  }
}

/**
 * GEODIST key member1 member2 [unit]: the distance of two members in metres, or in the unit; null if one is missing.
 *
 * @c geo.c:965
 */
export function geodistCommand(c: client): void {
  let to_meter = 1;

  if (c.argc === 5) {
    to_meter = extractUnitOrReply(c, c.argv[4]);
    if (to_meter < 0) return;
  } else if (c.argc > 5) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const zobj = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  const score1 = zsetScore(zobj, objPtrString(c.argv[2]));
  const score2 = zsetScore(zobj, objPtrString(c.argv[3]));
  if (score1 === null || score2 === null) {
    addReplyNull(c);
    return;
  }

  const xy1 = [0, 0];
  const xy2 = [0, 0];
  if (!decodeGeohash(score1, xy1) || !decodeGeohash(score2, xy2)) addReplyNull(c);
  else addReplyDoubleDistance(c, geohashGetDistance(xy1[0], xy1[1], xy2[0], xy2[1]) / to_meter);
}
