import { expect } from 'chai';
import {
  CIRCULAR_TYPE,
  GEO_LAT_MAX,
  GEO_LAT_MIN,
  GeoHashArea,
  GeoHashBits,
  GeoHashNeighbors,
  GeoHashRange,
  GeoShape,
  HASHISZERO,
  RECTANGLE_TYPE,
  deinterleave64,
  geohashDecode,
  geohashDecodeToLongLatWGS84,
  geohashDecodeWGS84,
  geohashEncode,
  geohashEncodeWGS84,
  geohashGetCoordRange,
  geohashNeighbors,
  geohash_move_x,
  geohash_move_y,
  interleave64,
} from '../../object/geohash.ts';
import {
  deg_rad,
  geohashAlign52Bits,
  geohashBoundingBox,
  geohashCalculateAreasByShapeWGS84,
  geohashEstimateStepsByRadius,
  geohashGetDistance,
  geohashGetDistanceIfInRadiusWGS84,
  geohashGetDistanceIfInRectangle,
  rad_deg,
} from '../../object/geohash_helper.ts';
import { Random } from '../support/random.ts';

const bits = (hash: GeoHashBits): bigint => (BigInt(hash.high) << 32n) | BigInt(hash.low);

function hashOf(value: bigint, step: number): GeoHashBits {
  const hash = new GeoHashBits();
  hash.high = Number(value >> 32n);
  hash.low = Number(value & 0xffffffffn);
  hash.step = step;
  return hash;
}

/** The bits of x at even places and those of y at odd ones, one by one. */
function interleaved(x: number, y: number): bigint {
  let out = 0n;
  for (let i = 0n; i < 32n; i++) {
    out |= ((BigInt(x) >> i) & 1n) << (2n * i);
    out |= ((BigInt(y) >> i) & 1n) << (2n * i + 1n);
  }
  return out;
}

describe('geohash.ts', () => {
  const random = Random.fromEnvironment();
  const word = (): number => random.int(0, 0xffffffff);

  it('lets the bits of two words take turns, and parts them again', () => {
    for (let i = 0; i < 500; i++) {
      const [x, y] = [word(), random.pick([0, 0xffffffff, word()])];
      const hash = new GeoHashBits();
      interleave64(x, y, hash);
      expect(bits(hash), `TEST_SEED=${random.seed}`).to.equal(interleaved(x, y));
      const sep = deinterleave64(hash);
      expect([sep.low, sep.high]).to.deep.equal([x, y]);
    }
  });

  it('halves the world with each bit: longitude, latitude, longitude, ...', () => {
    const encode = (longitude: number, latitude: number, step: number): string => {
      const hash = new GeoHashBits();
      expect(geohashEncodeWGS84(longitude, latitude, step, hash)).to.equal(true);
      return bits(hash)
        .toString(2)
        .padStart(2 * step, '0');
    };
    expect(encode(-90, -40, 1)).to.equal('00');
    expect(encode(90, -40, 1)).to.equal('10');
    expect(encode(-90, 40, 1)).to.equal('01');
    expect(encode(90, 40, 1)).to.equal('11');
    expect(encode(0, 0, 3)).to.equal('110000');
    expect(encode(-180, GEO_LAT_MIN, 4)).to.equal('00000000');
    // The ends of the world lie in the square behind the last one.
    expect(encode(180, GEO_LAT_MAX, 2)).to.equal('110000');
  });

  it('finds a place again, as exactly as its step allows', () => {
    for (let i = 0; i < 500; i++) {
      const longitude = (random.next() - 0.5) * 360;
      const latitude = (random.next() - 0.5) * 170;
      const step = random.int(1, 32);
      const hash = new GeoHashBits();
      geohashEncodeWGS84(longitude, latitude, step, hash);
      const area = new GeoHashArea();
      expect(geohashDecodeWGS84(hash, area)).to.equal(true);
      expect(longitude).to.be.within(area.longitude.min, area.longitude.max);
      expect(latitude).to.be.within(area.latitude.min, area.latitude.max);
      const xy = [0, 0];
      expect(geohashDecodeToLongLatWGS84(hash, xy)).to.equal(true);
      expect(xy[0]).to.be.closeTo(longitude, 181 / 2 ** step);
      expect(xy[1]).to.be.closeTo(latitude, 86 / 2 ** step);
    }
  });

  it('keeps the middle of a square behind the end of the world at the end', () => {
    const xy = [0, 0];
    geohashDecodeToLongLatWGS84(hashOf(3n << 52n, 26), xy);
    expect(xy).to.deep.equal([180, GEO_LAT_MAX]);
    geohashDecodeToLongLatWGS84(hashOf(0xffffffffffffffffn, 26), xy);
    expect(xy).to.deep.equal([180, GEO_LAT_MAX]);
  });

  it('refuses what is outside, and what makes no sense', () => {
    const [lon, lat, none] = [new GeoHashRange(), new GeoHashRange(), new GeoHashRange()];
    const hash = new GeoHashBits();
    const area = new GeoHashArea();
    geohashGetCoordRange(lon, lat);
    expect(geohashEncode(lon, lat, 0, 0, 0, hash)).to.equal(false);
    expect(geohashEncode(lon, lat, 0, 0, 33, hash)).to.equal(false);
    expect(geohashEncode(none, lat, 0, 0, 26, hash)).to.equal(false);
    expect(geohashEncode(lon, none, 0, 0, 26, hash)).to.equal(false);
    for (const [x, y] of [
      [181, 0],
      [-181, 0],
      [0, 86],
      [0, -86],
    ]) {
      expect(geohashEncode(lon, lat, x, y, 26, hash)).to.equal(false);
    }
    const town = new GeoHashRange();
    town.min = 10;
    town.max = 20;
    for (const [x, y] of [
      [9, 15],
      [21, 15],
      [15, 9],
      [15, 21],
    ]) {
      expect(geohashEncode(town, town, x, y, 26, hash)).to.equal(false);
    }
    expect(geohashEncode(town, town, 15, 15, 26, hash)).to.equal(true);
    expect(geohashDecode(lon, lat, new GeoHashBits(), area)).to.equal(false);
    expect(geohashDecode(none, lat, hash, area)).to.equal(false);
    expect(geohashDecode(lon, none, hash, area)).to.equal(false);
    expect(geohashDecodeToLongLatWGS84(new GeoHashBits(), [0, 0])).to.equal(false);
  });

  it('moves by one square, and around the world', () => {
    for (let i = 0; i < 500; i++) {
      const step = random.int(1, 32);
      const size = 2n ** BigInt(step);
      const x = random.pick([0n, size - 1n, BigInt(word()) % size]);
      const y = random.pick([0n, size - 1n, BigInt(word()) % size]);
      const move = (dx: number, dy: number): bigint => {
        const hash = hashOf(interleaved(Number(y), Number(x)), step);
        geohash_move_x(hash, dx);
        geohash_move_y(hash, dy);
        return bits(hash);
      };
      const at = (dx: bigint, dy: bigint): bigint =>
        interleaved(Number((y + dy + size) % size), Number((x + dx + size) % size));
      const note = `TEST_SEED=${random.seed} step ${step}`;
      expect(move(0, 0), note).to.equal(at(0n, 0n));
      expect(move(1, 0), note).to.equal(at(1n, 0n));
      expect(move(-1, 0), note).to.equal(at(-1n, 0n));
      expect(move(0, 1), note).to.equal(at(0n, 1n));
      expect(move(0, -1), note).to.equal(at(0n, -1n));

      const neighbors = new GeoHashNeighbors();
      geohashNeighbors(hashOf(interleaved(Number(y), Number(x)), step), neighbors);
      expect(bits(neighbors.north_east), note).to.equal(at(1n, 1n));
      expect(bits(neighbors.south_west), note).to.equal(at(-1n, -1n));
      expect(bits(neighbors.north_west), note).to.equal(at(-1n, 1n));
      expect(bits(neighbors.south_east), note).to.equal(at(1n, -1n));
      expect(neighbors.south.step, note).to.equal(step);
    }
  });
});

describe('geohash_helper.ts', () => {
  // The squares are an estimate, which C has made, and which may fail: always the same shapes are tried.
  const random = new Random(7);

  const shape = (type: number, xy: [number, number], a: number, b = 0): GeoShape => {
    const s = new GeoShape();
    s.type = type;
    [s.xy[0], s.xy[1]] = xy;
    s.conversion = 1000;
    if (type === CIRCULAR_TYPE) s.t.radius = a;
    else [s.t.r.width, s.t.r.height] = [a, b];
    return s;
  };

  it('turns degrees into radians and back', () => {
    expect(deg_rad(180)).to.equal(Math.PI);
    expect(rad_deg(Math.PI)).to.equal(180);
  });

  it('measures along great circles', () => {
    expect(geohashGetDistance(13.361389, 38.115556, 15.087269, 37.502669)).to.be.closeTo(
      166274.2,
      0.5,
    );
    expect(geohashGetDistance(0, 0, 0, 0)).to.equal(0);
    // Half the way around the world.
    expect(geohashGetDistance(0, 0, 180, 0)).to.be.closeTo(Math.PI * 6372797.56, 1);
    expect(geohashGetDistance(0, -85, 180, 85)).to.be.closeTo(Math.PI * 6372797.56, 1);
  });

  it('says -1 for what is too far', () => {
    expect(geohashGetDistanceIfInRadiusWGS84(0, 0, 1, 0, 1e6)).to.be.closeTo(111226, 1);
    expect(geohashGetDistanceIfInRadiusWGS84(0, 0, 1, 0, 1e5)).to.equal(-1);
    expect(geohashGetDistanceIfInRectangle(3e5, 3e5, 0, 0, 1, 1)).to.be.closeTo(157293, 1);
    expect(geohashGetDistanceIfInRectangle(2e5, 3e5, 0, 0, 1, 1)).to.equal(-1);
    expect(geohashGetDistanceIfInRectangle(3e5, 2e5, 0, 0, 1, 1)).to.equal(-1);
  });

  it('chooses larger squares for farther searches, and near the poles', () => {
    expect(geohashEstimateStepsByRadius(0, 0)).to.equal(26);
    expect(geohashEstimateStepsByRadius(0.01, 0)).to.equal(26);
    expect(geohashEstimateStepsByRadius(1000, 0)).to.equal(14);
    expect(geohashEstimateStepsByRadius(1000, 67)).to.equal(13);
    expect(geohashEstimateStepsByRadius(1000, -67)).to.equal(13);
    expect(geohashEstimateStepsByRadius(1000, 81)).to.equal(12);
    expect(geohashEstimateStepsByRadius(1000, -81)).to.equal(12);
    expect(geohashEstimateStepsByRadius(1e8, 0)).to.equal(1);
    expect(geohashEstimateStepsByRadius(Infinity, 81)).to.equal(1);
  });

  it('puts a box around a shape, wider towards the pole', () => {
    const bounds = [0, 0, 0, 0];
    expect(geohashBoundingBox(shape(CIRCULAR_TYPE, [10, 0], 111.226), bounds)).to.equal(true);
    expect(bounds.map((x) => Math.round(x * 1000) / 1000)).to.deep.equal([9, -1, 11, 1]);
    geohashBoundingBox(shape(RECTANGLE_TYPE, [10, 60], 222.452, 444.904), bounds);
    const north = bounds[2] - bounds[0];
    expect(north).to.be.closeTo(2 / Math.cos((62 * Math.PI) / 180), 0.01);
    geohashBoundingBox(shape(RECTANGLE_TYPE, [10, -60], 222.452, 444.904), bounds);
    expect(bounds[2] - bounds[0]).to.be.closeTo(north, 1e-9);
  });

  it('puts zeroes behind a hash up to 52 bits, exactly also at the east end', () => {
    expect(geohashAlign52Bits(hashOf(0b101010n, 3))).to.equal(0b101010 * 2 ** 46);
    expect(geohashAlign52Bits(hashOf(0xfffffffffffffn, 26))).to.equal(2 ** 52 - 1);
    expect(geohashAlign52Bits(hashOf((1n << 53n) | 1n, 26))).to.equal((1n << 53n) | 1n);
    expect(geohashAlign52Bits(hashOf((1n << 53n) - 1n, 26))).to.equal(2 ** 53 - 1);
    expect(geohashAlign52Bits(hashOf(2n, 1))).to.equal(2 ** 51);
    expect(geohashAlign52Bits(hashOf(8n, 1))).to.equal(2n ** 53n);
  });

  it('looks at squares that cover all of the shape', () => {
    const area = new GeoHashArea();
    for (let i = 0; i < 400; i++) {
      const circle = random.chance(0.5);
      const size = 10 ** (random.next() * 4 - 2);
      const centre: [number, number] = [(random.next() - 0.5) * 300, (random.next() - 0.5) * 120];
      const s = circle
        ? shape(CIRCULAR_TYPE, centre, size)
        : shape(RECTANGLE_TYPE, centre, size, size * random.next());
      const { hash, neighbors } = geohashCalculateAreasByShapeWGS84(s);
      const squares = [hash, ...Object.values(neighbors as unknown as Record<string, GeoHashBits>)];
      const used = squares.filter((square) => !HASHISZERO(square));
      expect(used.length).to.be.within(1, 9);
      for (let k = 0; k < 20; k++) {
        // A place in the shape.
        const reach = size * 0.009 * 1.2;
        const x = centre[0] + ((random.next() - 0.5) * 2 * reach) / Math.cos(deg_rad(centre[1]));
        const y = centre[1] + (random.next() - 0.5) * 2 * reach;
        const inside = circle
          ? geohashGetDistanceIfInRadiusWGS84(...centre, x, y, size * 1000)
          : geohashGetDistanceIfInRectangle(size * 1000, s.t.r.height * 1000, ...centre, x, y);
        if (inside === -1) continue;
        const found = used.some((square) => {
          geohashDecodeWGS84(square, area);
          return (
            x >= area.longitude.min &&
            x <= area.longitude.max &&
            y >= area.latitude.min &&
            y <= area.latitude.max
          );
        });
        expect(found, `TEST_SEED=${random.seed} ${centre.join()} ${size} ${x},${y}`).to.equal(true);
      }
    }
  });
});
