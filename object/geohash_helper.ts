/**
 * geohash_helper.c: which squares of the grid a search must look at, and how far it is from place to place.
 *
 * A search takes the square that its centre is in, of a size that with the eight squares around it covers the area, and
 * leaves out those of the nine that the box around the area does not reach:
 *
 *     ┌────┬────┬────┐
 *     │ nw │ n  │ ne │        geohashCalculateAreasByShapeWGS84
 *     ├────┼────┼────┤          ─► geohashBoundingBox            the box around circle or rectangle, in degrees
 *     │ w  │ ×  │ e  │          ─► geohashEstimateStepsByRadius  the size of the squares
 *     ├────┼────┼────┤          ─► geohashEncode, geohashNeighbors
 *     │ sw │ s  │ se │
 *     └────┴────┴────┘
 *
 * Who calls in: geo. Whom it calls: geohash, libm.
 * What differs from C: a distance that C gives through a pointer beside the truth of its being small enough is the result
 * here, or -1.
 *
 * @packageDocumentation
 */
import {
  CIRCULAR_TYPE,
  GeoHashArea,
  GeoHashBits,
  GeoHashNeighbors,
  GeoHashRange,
  geohashDecode,
  geohashEncode,
  geohashGetCoordRange,
  geohashNeighbors,
  type GeoShape,
} from './geohash.ts';
import { asin, cos, sin } from './libm.ts';

/** What a search looks at: the square of its centre, its hash, and the squares around it. */
export class GeoHashRadius {
  hash: GeoHashBits;
  area: GeoHashArea;
  neighbors: GeoHashNeighbors;
  constructor(hash: GeoHashBits, area: GeoHashArea, neighbors: GeoHashNeighbors) {
    this.hash = hash;
    this.area = area;
    this.neighbors = neighbors;
  }
}

/** Radians of a degree. */
export const D_R = Math.PI / 180.0;
/** The quadratic mean of the radius of the earth. */
export const EARTH_RADIUS_IN_METERS = 6372797.560856;
/** Half the length of the projection's equator, in metres. */
export const MERCATOR_MAX = 20037726.37;

/**
 * Makes a hash that of no square.
 *
 * @own macro GZERO of geohash_helper.h
 */
export function GZERO(s: GeoHashBits): void {
  s.high = 0;
  s.low = 0;
  s.step = 0;
}

/**
 * Degrees as radians.
 *
 * @c geohash_helper.c:57
 * @cstatic
 */
export function deg_rad(ang: number): number {
  return ang * D_R;
}

/**
 * Radians as degrees.
 *
 * @c geohash_helper.c:58
 * @cstatic
 */
export function rad_deg(ang: number): number {
  return ang / D_R;
}

/**
 * The step, 1 to 26, of squares nine of which should cover what is within `range_meters` of a place of latitude `lat`.
 *
 * @c geohash_helper.c:62
 */
export function geohashEstimateStepsByRadius(range_meters: number, lat: number): number {
  if (range_meters === 0) return 26;
  let step = 1;
  while (range_meters < MERCATOR_MAX) {
    range_meters *= 2;
    step++;
  }
  // With two steps less the nine squares mostly reach as far as the range.
  step -= 2;

  // Squares are narrower near the poles.
  if (lat > 66 || lat < -66) {
    step--;
    if (lat > 80 || lat < -80) step--;
  }

  if (step < 1) step = 1;
  if (step > 26) step = 26;
  return step;
}

/**
 * Sets `bounds` to the box around a shape in degrees: least longitude and latitude, greatest longitude and latitude. A
 * rectangle in metres spans more degrees of longitude at its end towards the pole, and that end counts. Returns true.
 *
 * @c geohash_helper.c:98
 */
export function geohashBoundingBox(shape: GeoShape, bounds: number[]): boolean {
  const longitude = shape.xy[0];
  const latitude = shape.xy[1];
  const circle = shape.type === CIRCULAR_TYPE;
  const height = shape.conversion * (circle ? shape.t.radius : shape.t.r.height / 2);
  const width = shape.conversion * (circle ? shape.t.radius : shape.t.r.width / 2);

  const lat_delta = rad_deg(height / EARTH_RADIUS_IN_METERS);
  const long_delta_top = rad_deg(
    width / EARTH_RADIUS_IN_METERS / cos(deg_rad(latitude + lat_delta)),
  );
  const long_delta_bottom = rad_deg(
    width / EARTH_RADIUS_IN_METERS / cos(deg_rad(latitude - lat_delta)),
  );
  const southern_hemisphere = latitude < 0;
  bounds[0] = southern_hemisphere ? longitude - long_delta_bottom : longitude - long_delta_top;
  bounds[2] = southern_hemisphere ? longitude + long_delta_bottom : longitude + long_delta_top;
  bounds[1] = latitude - lat_delta;
  bounds[3] = latitude + lat_delta;
  return true;
}

/**
 * The squares that a search in the shape must look at; those of no use are made none. Sets the bounds of the shape.
 *
 * @c geohash_helper.c:121
 */
export function geohashCalculateAreasByShapeWGS84(shape: GeoShape): GeoHashRadius {
  const long_range = new GeoHashRange();
  const lat_range = new GeoHashRange();
  const hash = new GeoHashBits();
  const neighbors = new GeoHashNeighbors();
  const area = new GeoHashArea();

  geohashBoundingBox(shape, shape.bounds);
  const min_lon = shape.bounds[0];
  const min_lat = shape.bounds[1];
  const max_lon = shape.bounds[2];
  const max_lat = shape.bounds[3];

  const longitude = shape.xy[0];
  const latitude = shape.xy[1];
  // A rectangle reaches as far as its corners.
  const r = shape.t.r;
  let radius_meters =
    shape.type === CIRCULAR_TYPE
      ? shape.t.radius
      : Math.sqrt((r.width / 2) * (r.width / 2) + (r.height / 2) * (r.height / 2));
  radius_meters *= shape.conversion;

  let steps = geohashEstimateStepsByRadius(radius_meters, latitude);

  geohashGetCoordRange(long_range, lat_range);
  geohashEncode(long_range, lat_range, longitude, latitude, steps, hash);
  geohashNeighbors(hash, neighbors);
  geohashDecode(long_range, lat_range, hash, area);

  // Near an edge of its square, the centre may be too near to the far side of a neighbour.
  let decrease_step = false;
  {
    const north = new GeoHashArea();
    const south = new GeoHashArea();
    const east = new GeoHashArea();
    const west = new GeoHashArea();

    geohashDecode(long_range, lat_range, neighbors.north, north);
    geohashDecode(long_range, lat_range, neighbors.south, south);
    geohashDecode(long_range, lat_range, neighbors.east, east);
    geohashDecode(long_range, lat_range, neighbors.west, west);

    if (north.latitude.max < max_lat) decrease_step = true;
    if (south.latitude.min > min_lat) decrease_step = true;
    if (east.longitude.max < max_lon) decrease_step = true;
    if (west.longitude.min > min_lon) decrease_step = true;
  }

  if (steps > 1 && decrease_step) {
    steps--;
    geohashEncode(long_range, lat_range, longitude, latitude, steps, hash);
    geohashNeighbors(hash, neighbors);
    geohashDecode(long_range, lat_range, hash, area);
  }

  // Neighbours on a side that the box does not reach.
  if (steps >= 2) {
    if (area.latitude.min < min_lat) {
      GZERO(neighbors.south);
      GZERO(neighbors.south_west);
      GZERO(neighbors.south_east);
    }
    if (area.latitude.max > max_lat) {
      GZERO(neighbors.north);
      GZERO(neighbors.north_east);
      GZERO(neighbors.north_west);
    }
    if (area.longitude.min < min_lon) {
      GZERO(neighbors.west);
      GZERO(neighbors.south_west);
      GZERO(neighbors.north_west);
    }
    if (area.longitude.max > max_lon) {
      GZERO(neighbors.east);
      GZERO(neighbors.south_east);
      GZERO(neighbors.north_east);
    }
  }
  return new GeoHashRadius(hash, area, neighbors);
}

/**
 * The bits of a hash with zeroes behind them, as if its step were 26. A number, or a bigint above 2^53-1, which happens at
 * the east end of the world.
 *
 * @c geohash_helper.c:213
 */
export function geohashAlign52Bits(hash: GeoHashBits): number | bigint {
  const shift = 52 - hash.step * 2;
  if (hash.high < 0x200000) {
    const bits = (hash.high * 0x100000000 + hash.low) * 2 ** shift;
    if (bits <= Number.MAX_SAFE_INTEGER) return bits;
  }
  return BigInt.asUintN(64, ((BigInt(hash.high) << 32n) | BigInt(hash.low)) << BigInt(shift));
}

/**
 * Metres from one place to another along a great circle, by the haversine formula. Coordinates are in degrees.
 *
 * @c geohash_helper.c:220
 */
export function geohashGetDistance(
  lon1d: number,
  lat1d: number,
  lon2d: number,
  lat2d: number,
): number {
  const lat1r = deg_rad(lat1d);
  const lon1r = deg_rad(lon1d);
  const lat2r = deg_rad(lat2d);
  const lon2r = deg_rad(lon2d);
  const u = sin((lat2r - lat1r) / 2);
  const v = sin((lon2r - lon1r) / 2);
  return 2.0 * EARTH_RADIUS_IN_METERS * asin(Math.sqrt(u * u + cos(lat1r) * cos(lat2r) * v * v));
}

/**
 * Metres from one place to the other, or -1 if they are more than `radius`.
 *
 * @c geohash_helper.c:232
 */
export function geohashGetDistanceIfInRadius(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  radius: number,
): number {
  const distance = geohashGetDistance(x1, y1, x2, y2);
  if (distance > radius) return -1;
  return distance;
}

/**
 * The same.
 *
 * @c geohash_helper.c:240
 */
export function geohashGetDistanceIfInRadiusWGS84(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  radius: number,
): number {
  return geohashGetDistanceIfInRadius(x1, y1, x2, y2, radius);
}

/**
 * Metres from the centre (x1, y1) of a rectangle to a place (x2, y2), or -1 if it lies outside. How far it is to the east
 * or west is measured on the latitude of the place.
 *
 * @c geohash_helper.c:254
 */
export function geohashGetDistanceIfInRectangle(
  width_m: number,
  height_m: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): number {
  const lon_distance = geohashGetDistance(x2, y2, x1, y2);
  const lat_distance = geohashGetDistance(x2, y2, x2, y1);
  if (lon_distance > width_m / 2 || lat_distance > height_m / 2) return -1;
  return geohashGetDistance(x1, y1, x2, y2);
}
