struct Settings {
  iterations: u32,
  rows: u32,
  objective: u32,
  other_digit: u32,
  target_log_probability: f32,
  l1: f32,
  l2: f32,
  total_variation: f32,
  start_distance: f32,
  density: f32,
}
struct StepParameters {
  rate: f32,
  average: f32,
  scaling: f32,
  epsilon: f32,
  a: f32,
  b: f32,
  right: f32,
  down: f32,
}
struct Schedule {
  settings: Settings,
  steps: array<StepParameters>,
}
@group(0) @binding(0) var<storage, read> matrices: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> before: array<f32>;
@group(0) @binding(3) var<storage, read> schedule: Schedule;
@group(0) @binding(4) var<storage, read> start: array<f32>;
@group(0) @binding(5) var<storage, read_write> snapshot: array<f32>;
const ROWS = 1u;
const WORKGROUP_SIZE = 256u;
const ROW_STRIDE = 3240u;
const SPARE = 784u;
const PARAMETERS = 784u;
const LOGITS = 3228u;
const GRADIENT = 0u;
const REGULARIZER_SUMS = 256u;
const TARGET_PROBABILITY = 0u;
const LOG_PROBABILITY = 1u;
const LOGIT = 2u;
const MEAN = 0.0f;
const STD = 1.0f;
const LONGEST_STEP = 10.0f;
const PIXELS_ARE_PARAMETERS = true;
const HIDDEN_UNIT = false;
var<workgroup> work: array<f32, 3240>;
const base = 0u;
fn enter(group: u32) {}
fn sync() { workgroupBarrier(); }
var<workgroup> partial_sums: array<vec4<f32>, 128>;
fn activate(x: vec4<f32>) -> vec4<f32> { return max(x, vec4<f32>(0.0)); }
fn derivative(x: vec4<f32>) -> vec4<f32> { return select(vec4<f32>(0.0), vec4<f32>(1.0), x > vec4<f32>(0.0)); }
fn activate_one(x: f32) -> f32 { return max(x, f32(0.0)); }
fn derivative_one(x: f32) -> f32 { return select(f32(0.0), f32(1.0), x > f32(0.0)); }

fn forward_0(invocation: u32) {
  for (var i = invocation; i < 864u; i += 256u) {
    let row = base + (i / 864u) * ROW_STRIDE;
    let item = i % 864u;
    let filter_index = item / 144u;
    let place = (item % 144u) * 1u;
    let y = (place / 12u) * 2u;
    let x = (place % 12u) * 2u;
    let bias = weights[152u + filter_index];
    var v0 = bias;
    var v1 = bias;
    var v2 = bias;
    var v3 = bias;
    for (var c = 0u; c < 1u; c++) {
      let w = 0u + (filter_index * 1u + c) * 25u;
      let map = row + 0u + c * 784u;
      let w0 = weights[w + 0u];
      let w1 = weights[w + 1u];
      let w2 = weights[w + 2u];
      let w3 = weights[w + 3u];
      let w4 = weights[w + 4u];
      let w5 = weights[w + 5u];
      let w6 = weights[w + 6u];
      let w7 = weights[w + 7u];
      let w8 = weights[w + 8u];
      let w9 = weights[w + 9u];
      let w10 = weights[w + 10u];
      let w11 = weights[w + 11u];
      let w12 = weights[w + 12u];
      let w13 = weights[w + 13u];
      let w14 = weights[w + 14u];
      let w15 = weights[w + 15u];
      let w16 = weights[w + 16u];
      let w17 = weights[w + 17u];
      let w18 = weights[w + 18u];
      let w19 = weights[w + 19u];
      let w20 = weights[w + 20u];
      let w21 = weights[w + 21u];
      let w22 = weights[w + 22u];
      let w23 = weights[w + 23u];
      let w24 = weights[w + 24u];
      let p0_0 = work[map + (y + 0u) * 28u + x + 0u];
      let p0_1 = work[map + (y + 0u) * 28u + x + 1u];
      let p0_2 = work[map + (y + 0u) * 28u + x + 2u];
      let p0_3 = work[map + (y + 0u) * 28u + x + 3u];
      let p0_4 = work[map + (y + 0u) * 28u + x + 4u];
      let p0_5 = work[map + (y + 0u) * 28u + x + 5u];
      v0 += w0 * p0_0 + w1 * p0_1 + w2 * p0_2 + w3 * p0_3 + w4 * p0_4;
      v1 += w0 * p0_1 + w1 * p0_2 + w2 * p0_3 + w3 * p0_4 + w4 * p0_5;
      let p1_0 = work[map + (y + 1u) * 28u + x + 0u];
      let p1_1 = work[map + (y + 1u) * 28u + x + 1u];
      let p1_2 = work[map + (y + 1u) * 28u + x + 2u];
      let p1_3 = work[map + (y + 1u) * 28u + x + 3u];
      let p1_4 = work[map + (y + 1u) * 28u + x + 4u];
      let p1_5 = work[map + (y + 1u) * 28u + x + 5u];
      v0 += w5 * p1_0 + w6 * p1_1 + w7 * p1_2 + w8 * p1_3 + w9 * p1_4;
      v1 += w5 * p1_1 + w6 * p1_2 + w7 * p1_3 + w8 * p1_4 + w9 * p1_5;
      v2 += w0 * p1_0 + w1 * p1_1 + w2 * p1_2 + w3 * p1_3 + w4 * p1_4;
      v3 += w0 * p1_1 + w1 * p1_2 + w2 * p1_3 + w3 * p1_4 + w4 * p1_5;
      let p2_0 = work[map + (y + 2u) * 28u + x + 0u];
      let p2_1 = work[map + (y + 2u) * 28u + x + 1u];
      let p2_2 = work[map + (y + 2u) * 28u + x + 2u];
      let p2_3 = work[map + (y + 2u) * 28u + x + 3u];
      let p2_4 = work[map + (y + 2u) * 28u + x + 4u];
      let p2_5 = work[map + (y + 2u) * 28u + x + 5u];
      v0 += w10 * p2_0 + w11 * p2_1 + w12 * p2_2 + w13 * p2_3 + w14 * p2_4;
      v1 += w10 * p2_1 + w11 * p2_2 + w12 * p2_3 + w13 * p2_4 + w14 * p2_5;
      v2 += w5 * p2_0 + w6 * p2_1 + w7 * p2_2 + w8 * p2_3 + w9 * p2_4;
      v3 += w5 * p2_1 + w6 * p2_2 + w7 * p2_3 + w8 * p2_4 + w9 * p2_5;
      let p3_0 = work[map + (y + 3u) * 28u + x + 0u];
      let p3_1 = work[map + (y + 3u) * 28u + x + 1u];
      let p3_2 = work[map + (y + 3u) * 28u + x + 2u];
      let p3_3 = work[map + (y + 3u) * 28u + x + 3u];
      let p3_4 = work[map + (y + 3u) * 28u + x + 4u];
      let p3_5 = work[map + (y + 3u) * 28u + x + 5u];
      v0 += w15 * p3_0 + w16 * p3_1 + w17 * p3_2 + w18 * p3_3 + w19 * p3_4;
      v1 += w15 * p3_1 + w16 * p3_2 + w17 * p3_3 + w18 * p3_4 + w19 * p3_5;
      v2 += w10 * p3_0 + w11 * p3_1 + w12 * p3_2 + w13 * p3_3 + w14 * p3_4;
      v3 += w10 * p3_1 + w11 * p3_2 + w12 * p3_3 + w13 * p3_4 + w14 * p3_5;
      let p4_0 = work[map + (y + 4u) * 28u + x + 0u];
      let p4_1 = work[map + (y + 4u) * 28u + x + 1u];
      let p4_2 = work[map + (y + 4u) * 28u + x + 2u];
      let p4_3 = work[map + (y + 4u) * 28u + x + 3u];
      let p4_4 = work[map + (y + 4u) * 28u + x + 4u];
      let p4_5 = work[map + (y + 4u) * 28u + x + 5u];
      v0 += w20 * p4_0 + w21 * p4_1 + w22 * p4_2 + w23 * p4_3 + w24 * p4_4;
      v1 += w20 * p4_1 + w21 * p4_2 + w22 * p4_3 + w23 * p4_4 + w24 * p4_5;
      v2 += w15 * p4_0 + w16 * p4_1 + w17 * p4_2 + w18 * p4_3 + w19 * p4_4;
      v3 += w15 * p4_1 + w16 * p4_2 + w17 * p4_3 + w18 * p4_4 + w19 * p4_5;
      let p5_0 = work[map + (y + 5u) * 28u + x + 0u];
      let p5_1 = work[map + (y + 5u) * 28u + x + 1u];
      let p5_2 = work[map + (y + 5u) * 28u + x + 2u];
      let p5_3 = work[map + (y + 5u) * 28u + x + 3u];
      let p5_4 = work[map + (y + 5u) * 28u + x + 4u];
      let p5_5 = work[map + (y + 5u) * 28u + x + 5u];
      v2 += w20 * p5_0 + w21 * p5_1 + w22 * p5_2 + w23 * p5_3 + w24 * p5_4;
      v3 += w20 * p5_1 + w21 * p5_2 + w22 * p5_3 + w23 * p5_4 + w24 * p5_5;
    }
    var best0 = v0;
    var argmax0 = 0.0;
    if (v1 > best0) { best0 = v1; argmax0 = 1.0; }
    if (v2 > best0) { best0 = v2; argmax0 = 2.0; }
    if (v3 > best0) { best0 = v3; argmax0 = 3.0; }
    work[row + 784u + filter_index * 144u + place + 0u + 864u] = argmax0;
    work[row + 784u + filter_index * 144u + place + 0u] = activate_one(best0);
  }
}

fn backward_0(invocation: u32) {
  for (var i = invocation; i < 56u; i += 256u) {
    let row = base + (i / 56u) * ROW_STRIDE;
    let c = i % 1u;
    let line = (i % 56u) / 2u;
    let x = ((i / 1u) % 2u) * 14u;
    let y = line + 0u;
    let last = min(y / 2u, 11u);
    var s0 = 0.0;
    var s1 = 0.0;
    var s2 = 0.0;
    var s3 = 0.0;
    var s4 = 0.0;
    var s5 = 0.0;
    var s6 = 0.0;
    var s7 = 0.0;
    var s8 = 0.0;
    var s9 = 0.0;
    var s10 = 0.0;
    var s11 = 0.0;
    var s12 = 0.0;
    var s13 = 0.0;
    for (var f = 0u; f < 6u; f++) {
      for (var py = (max(y, 4u) - 4u) / 2u; py <= last; py++) {
        let w = 0u + (f * 1u + c) * 25u;
        let windows = row + 784u + (f * 12u + py) * 12u;
        let k0 = y - py * 2u - 0u;
        let r0_0 = select(0.0, weights[w + min(k0, 4u) * 5u + 0u], k0 < 5u);
        let r0_1 = select(0.0, weights[w + min(k0, 4u) * 5u + 1u], k0 < 5u);
        let r0_2 = select(0.0, weights[w + min(k0, 4u) * 5u + 2u], k0 < 5u);
        let r0_3 = select(0.0, weights[w + min(k0, 4u) * 5u + 3u], k0 < 5u);
        let r0_4 = select(0.0, weights[w + min(k0, 4u) * 5u + 4u], k0 < 5u);
        let k1 = y - py * 2u - 1u;
        let r1_0 = select(0.0, weights[w + min(k1, 4u) * 5u + 0u], k1 < 5u);
        let r1_1 = select(0.0, weights[w + min(k1, 4u) * 5u + 1u], k1 < 5u);
        let r1_2 = select(0.0, weights[w + min(k1, 4u) * 5u + 2u], k1 < 5u);
        let r1_3 = select(0.0, weights[w + min(k1, 4u) * 5u + 3u], k1 < 5u);
        let r1_4 = select(0.0, weights[w + min(k1, 4u) * 5u + 4u], k1 < 5u);
        {
          let px = x / 2u + 4294967294u;
          let at = windows + min(px, 11u);
          let g = select(0.0, work[at], px < 12u);
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s0 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s0 += g1 * w3;
          s1 += g1 * w4;
        }
        {
          let px = x / 2u + 4294967295u;
          let at = windows + min(px, 11u);
          let g = select(0.0, work[at], px < 12u);
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s0 += g0 * w2;
          s1 += g0 * w3;
          s2 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s0 += g1 * w1;
          s1 += g1 * w2;
          s2 += g1 * w3;
          s3 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 0u;
          let g = work[at];
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s0 += g0 * w0;
          s1 += g0 * w1;
          s2 += g0 * w2;
          s3 += g0 * w3;
          s4 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s1 += g1 * w0;
          s2 += g1 * w1;
          s3 += g1 * w2;
          s4 += g1 * w3;
          s5 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 1u;
          let g = work[at];
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s2 += g0 * w0;
          s3 += g0 * w1;
          s4 += g0 * w2;
          s5 += g0 * w3;
          s6 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s3 += g1 * w0;
          s4 += g1 * w1;
          s5 += g1 * w2;
          s6 += g1 * w3;
          s7 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 2u;
          let g = work[at];
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s4 += g0 * w0;
          s5 += g0 * w1;
          s6 += g0 * w2;
          s7 += g0 * w3;
          s8 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s5 += g1 * w0;
          s6 += g1 * w1;
          s7 += g1 * w2;
          s8 += g1 * w3;
          s9 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 3u;
          let g = work[at];
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s6 += g0 * w0;
          s7 += g0 * w1;
          s8 += g0 * w2;
          s9 += g0 * w3;
          s10 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s7 += g1 * w0;
          s8 += g1 * w1;
          s9 += g1 * w2;
          s10 += g1 * w3;
          s11 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 4u;
          let g = work[at];
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s8 += g0 * w0;
          s9 += g0 * w1;
          s10 += g0 * w2;
          s11 += g0 * w3;
          s12 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s9 += g1 * w0;
          s10 += g1 * w1;
          s11 += g1 * w2;
          s12 += g1 * w3;
          s13 += g1 * w4;
        }
        {
          let px = x / 2u + 5u;
          let at = windows + min(px, 11u);
          let g = select(0.0, work[at], px < 12u);
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s10 += g0 * w0;
          s11 += g0 * w1;
          s12 += g0 * w2;
          s13 += g0 * w3;
          let g1 = select(0.0, g, dx == 1u);
          s11 += g1 * w0;
          s12 += g1 * w1;
          s13 += g1 * w2;
        }
        {
          let px = x / 2u + 6u;
          let at = windows + min(px, 11u);
          let g = select(0.0, work[at], px < 12u);
          let place = u32(work[at + 864u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s12 += g0 * w0;
          s13 += g0 * w1;
          let g1 = select(0.0, g, dx == 1u);
          s13 += g1 * w0;
        }
      }
    }
    let to = c * 784u + line * 28u + x;
    work[row + 0u + to + 0u] = s0 / STD;
    work[row + 0u + to + 1u] = s1 / STD;
    work[row + 0u + to + 2u] = s2 / STD;
    work[row + 0u + to + 3u] = s3 / STD;
    work[row + 0u + to + 4u] = s4 / STD;
    work[row + 0u + to + 5u] = s5 / STD;
    work[row + 0u + to + 6u] = s6 / STD;
    work[row + 0u + to + 7u] = s7 / STD;
    work[row + 0u + to + 8u] = s8 / STD;
    work[row + 0u + to + 9u] = s9 / STD;
    work[row + 0u + to + 10u] = s10 / STD;
    work[row + 0u + to + 11u] = s11 / STD;
    work[row + 0u + to + 12u] = s12 / STD;
    work[row + 0u + to + 13u] = s13 / STD;
  }
}

fn forward_1(invocation: u32) {
  for (var i = invocation; i < 256u; i += 256u) {
    let row = base + (i / 256u) * ROW_STRIDE;
    let item = i % 256u;
    let filter_index = item / 16u;
    let place = (item % 16u) * 1u;
    let y = (place / 4u) * 2u;
    let x = (place % 4u) * 2u;
    let bias = weights[2560u + filter_index];
    var v0 = bias;
    var v1 = bias;
    var v2 = bias;
    var v3 = bias;
    for (var c = 0u; c < 6u; c++) {
      let w = 160u + (filter_index * 6u + c) * 25u;
      let map = row + 784u + c * 144u;
      let w0 = weights[w + 0u];
      let w1 = weights[w + 1u];
      let w2 = weights[w + 2u];
      let w3 = weights[w + 3u];
      let w4 = weights[w + 4u];
      let w5 = weights[w + 5u];
      let w6 = weights[w + 6u];
      let w7 = weights[w + 7u];
      let w8 = weights[w + 8u];
      let w9 = weights[w + 9u];
      let w10 = weights[w + 10u];
      let w11 = weights[w + 11u];
      let w12 = weights[w + 12u];
      let w13 = weights[w + 13u];
      let w14 = weights[w + 14u];
      let w15 = weights[w + 15u];
      let w16 = weights[w + 16u];
      let w17 = weights[w + 17u];
      let w18 = weights[w + 18u];
      let w19 = weights[w + 19u];
      let w20 = weights[w + 20u];
      let w21 = weights[w + 21u];
      let w22 = weights[w + 22u];
      let w23 = weights[w + 23u];
      let w24 = weights[w + 24u];
      let p0_0 = work[map + (y + 0u) * 12u + x + 0u];
      let p0_1 = work[map + (y + 0u) * 12u + x + 1u];
      let p0_2 = work[map + (y + 0u) * 12u + x + 2u];
      let p0_3 = work[map + (y + 0u) * 12u + x + 3u];
      let p0_4 = work[map + (y + 0u) * 12u + x + 4u];
      let p0_5 = work[map + (y + 0u) * 12u + x + 5u];
      v0 += w0 * p0_0 + w1 * p0_1 + w2 * p0_2 + w3 * p0_3 + w4 * p0_4;
      v1 += w0 * p0_1 + w1 * p0_2 + w2 * p0_3 + w3 * p0_4 + w4 * p0_5;
      let p1_0 = work[map + (y + 1u) * 12u + x + 0u];
      let p1_1 = work[map + (y + 1u) * 12u + x + 1u];
      let p1_2 = work[map + (y + 1u) * 12u + x + 2u];
      let p1_3 = work[map + (y + 1u) * 12u + x + 3u];
      let p1_4 = work[map + (y + 1u) * 12u + x + 4u];
      let p1_5 = work[map + (y + 1u) * 12u + x + 5u];
      v0 += w5 * p1_0 + w6 * p1_1 + w7 * p1_2 + w8 * p1_3 + w9 * p1_4;
      v1 += w5 * p1_1 + w6 * p1_2 + w7 * p1_3 + w8 * p1_4 + w9 * p1_5;
      v2 += w0 * p1_0 + w1 * p1_1 + w2 * p1_2 + w3 * p1_3 + w4 * p1_4;
      v3 += w0 * p1_1 + w1 * p1_2 + w2 * p1_3 + w3 * p1_4 + w4 * p1_5;
      let p2_0 = work[map + (y + 2u) * 12u + x + 0u];
      let p2_1 = work[map + (y + 2u) * 12u + x + 1u];
      let p2_2 = work[map + (y + 2u) * 12u + x + 2u];
      let p2_3 = work[map + (y + 2u) * 12u + x + 3u];
      let p2_4 = work[map + (y + 2u) * 12u + x + 4u];
      let p2_5 = work[map + (y + 2u) * 12u + x + 5u];
      v0 += w10 * p2_0 + w11 * p2_1 + w12 * p2_2 + w13 * p2_3 + w14 * p2_4;
      v1 += w10 * p2_1 + w11 * p2_2 + w12 * p2_3 + w13 * p2_4 + w14 * p2_5;
      v2 += w5 * p2_0 + w6 * p2_1 + w7 * p2_2 + w8 * p2_3 + w9 * p2_4;
      v3 += w5 * p2_1 + w6 * p2_2 + w7 * p2_3 + w8 * p2_4 + w9 * p2_5;
      let p3_0 = work[map + (y + 3u) * 12u + x + 0u];
      let p3_1 = work[map + (y + 3u) * 12u + x + 1u];
      let p3_2 = work[map + (y + 3u) * 12u + x + 2u];
      let p3_3 = work[map + (y + 3u) * 12u + x + 3u];
      let p3_4 = work[map + (y + 3u) * 12u + x + 4u];
      let p3_5 = work[map + (y + 3u) * 12u + x + 5u];
      v0 += w15 * p3_0 + w16 * p3_1 + w17 * p3_2 + w18 * p3_3 + w19 * p3_4;
      v1 += w15 * p3_1 + w16 * p3_2 + w17 * p3_3 + w18 * p3_4 + w19 * p3_5;
      v2 += w10 * p3_0 + w11 * p3_1 + w12 * p3_2 + w13 * p3_3 + w14 * p3_4;
      v3 += w10 * p3_1 + w11 * p3_2 + w12 * p3_3 + w13 * p3_4 + w14 * p3_5;
      let p4_0 = work[map + (y + 4u) * 12u + x + 0u];
      let p4_1 = work[map + (y + 4u) * 12u + x + 1u];
      let p4_2 = work[map + (y + 4u) * 12u + x + 2u];
      let p4_3 = work[map + (y + 4u) * 12u + x + 3u];
      let p4_4 = work[map + (y + 4u) * 12u + x + 4u];
      let p4_5 = work[map + (y + 4u) * 12u + x + 5u];
      v0 += w20 * p4_0 + w21 * p4_1 + w22 * p4_2 + w23 * p4_3 + w24 * p4_4;
      v1 += w20 * p4_1 + w21 * p4_2 + w22 * p4_3 + w23 * p4_4 + w24 * p4_5;
      v2 += w15 * p4_0 + w16 * p4_1 + w17 * p4_2 + w18 * p4_3 + w19 * p4_4;
      v3 += w15 * p4_1 + w16 * p4_2 + w17 * p4_3 + w18 * p4_4 + w19 * p4_5;
      let p5_0 = work[map + (y + 5u) * 12u + x + 0u];
      let p5_1 = work[map + (y + 5u) * 12u + x + 1u];
      let p5_2 = work[map + (y + 5u) * 12u + x + 2u];
      let p5_3 = work[map + (y + 5u) * 12u + x + 3u];
      let p5_4 = work[map + (y + 5u) * 12u + x + 4u];
      let p5_5 = work[map + (y + 5u) * 12u + x + 5u];
      v2 += w20 * p5_0 + w21 * p5_1 + w22 * p5_2 + w23 * p5_3 + w24 * p5_4;
      v3 += w20 * p5_1 + w21 * p5_2 + w22 * p5_3 + w23 * p5_4 + w24 * p5_5;
    }
    var best0 = v0;
    var argmax0 = 0.0;
    if (v1 > best0) { best0 = v1; argmax0 = 1.0; }
    if (v2 > best0) { best0 = v2; argmax0 = 2.0; }
    if (v3 > best0) { best0 = v3; argmax0 = 3.0; }
    work[row + 2512u + filter_index * 16u + place + 0u + 256u] = argmax0;
    work[row + 2512u + filter_index * 16u + place + 0u] = activate_one(best0);
  }
}

fn backward_1(invocation: u32) {
  for (var i = invocation; i < 72u; i += 256u) {
    let row = base + (i / 72u) * ROW_STRIDE;
    let c = i % 6u;
    let line = (i % 72u) / 6u;
    let x = ((i / 6u) % 1u) * 12u;
    let y = line + 0u;
    let last = min(y / 2u, 3u);
    var s0 = 0.0;
    var s1 = 0.0;
    var s2 = 0.0;
    var s3 = 0.0;
    var s4 = 0.0;
    var s5 = 0.0;
    var s6 = 0.0;
    var s7 = 0.0;
    var s8 = 0.0;
    var s9 = 0.0;
    var s10 = 0.0;
    var s11 = 0.0;
    for (var f = 0u; f < 16u; f++) {
      for (var py = (max(y, 4u) - 4u) / 2u; py <= last; py++) {
        let w = 160u + (f * 6u + c) * 25u;
        let windows = row + 2512u + (f * 4u + py) * 4u;
        let k0 = y - py * 2u - 0u;
        let r0_0 = select(0.0, weights[w + min(k0, 4u) * 5u + 0u], k0 < 5u);
        let r0_1 = select(0.0, weights[w + min(k0, 4u) * 5u + 1u], k0 < 5u);
        let r0_2 = select(0.0, weights[w + min(k0, 4u) * 5u + 2u], k0 < 5u);
        let r0_3 = select(0.0, weights[w + min(k0, 4u) * 5u + 3u], k0 < 5u);
        let r0_4 = select(0.0, weights[w + min(k0, 4u) * 5u + 4u], k0 < 5u);
        let k1 = y - py * 2u - 1u;
        let r1_0 = select(0.0, weights[w + min(k1, 4u) * 5u + 0u], k1 < 5u);
        let r1_1 = select(0.0, weights[w + min(k1, 4u) * 5u + 1u], k1 < 5u);
        let r1_2 = select(0.0, weights[w + min(k1, 4u) * 5u + 2u], k1 < 5u);
        let r1_3 = select(0.0, weights[w + min(k1, 4u) * 5u + 3u], k1 < 5u);
        let r1_4 = select(0.0, weights[w + min(k1, 4u) * 5u + 4u], k1 < 5u);
        {
          let at = windows + x / 2u + 0u;
          let g = work[at];
          let place = u32(work[at + 256u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s0 += g0 * w0;
          s1 += g0 * w1;
          s2 += g0 * w2;
          s3 += g0 * w3;
          s4 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s1 += g1 * w0;
          s2 += g1 * w1;
          s3 += g1 * w2;
          s4 += g1 * w3;
          s5 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 1u;
          let g = work[at];
          let place = u32(work[at + 256u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s2 += g0 * w0;
          s3 += g0 * w1;
          s4 += g0 * w2;
          s5 += g0 * w3;
          s6 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s3 += g1 * w0;
          s4 += g1 * w1;
          s5 += g1 * w2;
          s6 += g1 * w3;
          s7 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 2u;
          let g = work[at];
          let place = u32(work[at + 256u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s4 += g0 * w0;
          s5 += g0 * w1;
          s6 += g0 * w2;
          s7 += g0 * w3;
          s8 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s5 += g1 * w0;
          s6 += g1 * w1;
          s7 += g1 * w2;
          s8 += g1 * w3;
          s9 += g1 * w4;
        }
        {
          let at = windows + x / 2u + 3u;
          let g = work[at];
          let place = u32(work[at + 256u]);
          let dy = place / 2u;
          let dx = place % 2u;
          let w0 = select(r0_0, r1_0, dy == 1u);
          let w1 = select(r0_1, r1_1, dy == 1u);
          let w2 = select(r0_2, r1_2, dy == 1u);
          let w3 = select(r0_3, r1_3, dy == 1u);
          let w4 = select(r0_4, r1_4, dy == 1u);
          let g0 = select(0.0, g, dx == 0u);
          s6 += g0 * w0;
          s7 += g0 * w1;
          s8 += g0 * w2;
          s9 += g0 * w3;
          s10 += g0 * w4;
          let g1 = select(0.0, g, dx == 1u);
          s7 += g1 * w0;
          s8 += g1 * w1;
          s9 += g1 * w2;
          s10 += g1 * w3;
          s11 += g1 * w4;
        }
      }
    }
    let to = c * 144u + line * 12u + x;
    work[row + 784u + to + 0u] = s0 * derivative_one(work[row + 784u + to + 0u]);
    work[row + 784u + to + 1u] = s1 * derivative_one(work[row + 784u + to + 1u]);
    work[row + 784u + to + 2u] = s2 * derivative_one(work[row + 784u + to + 2u]);
    work[row + 784u + to + 3u] = s3 * derivative_one(work[row + 784u + to + 3u]);
    work[row + 784u + to + 4u] = s4 * derivative_one(work[row + 784u + to + 4u]);
    work[row + 784u + to + 5u] = s5 * derivative_one(work[row + 784u + to + 5u]);
    work[row + 784u + to + 6u] = s6 * derivative_one(work[row + 784u + to + 6u]);
    work[row + 784u + to + 7u] = s7 * derivative_one(work[row + 784u + to + 7u]);
    work[row + 784u + to + 8u] = s8 * derivative_one(work[row + 784u + to + 8u]);
    work[row + 784u + to + 9u] = s9 * derivative_one(work[row + 784u + to + 9u]);
    work[row + 784u + to + 10u] = s10 * derivative_one(work[row + 784u + to + 10u]);
    work[row + 784u + to + 11u] = s11 * derivative_one(work[row + 784u + to + 11u]);
  }
}

fn forward_2(invocation: u32) {
  if (invocation < 120u) {
    let unit = invocation % 30u;
    let begin = (invocation / 30u) * 64u;
    let end = min(begin + 64u, 256u);
    var sum_0 = vec4<f32>();
    var at = 644u + begin * 30u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 30u];
      let m2 = matrices[at + 2u * 30u];
      let m3 = matrices[at + 3u * 30u];
      at += 4u * 30u;
      sum_0 += m0 * work[base + 0u + 2512u + k] + m1 * work[base + 1u + 2512u + k] + m2 * work[base + 2u + 2512u + k] + m3 * work[base + 3u + 2512u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 30u) {
    let unit = invocation;
    var sum_0 = matrices[16004u + unit];
    for (var i = invocation; i < 120u; i += 30u) { sum_0 += partial_sums[i]; }
    { let four_ = activate(sum_0); work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_2(invocation: u32) {
  if (invocation < 128u) {
    let unit = invocation % 64u;
    let begin = (invocation / 64u) * 60u;
    let end = min(begin + 60u, 120u);
    var sum_0 = vec4<f32>();
    var at = 8324u + begin * 64u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 64u];
      let m2 = matrices[at + 2u * 64u];
      let m3 = matrices[at + 3u * 64u];
      at += 4u * 64u;
      sum_0 += m0 * work[base + 0u + 3024u + k] + m1 * work[base + 1u + 3024u + k] + m2 * work[base + 2u + 3024u + k] + m3 * work[base + 3u + 3024u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 64u) {
    let unit = invocation;
    var sum_0 = vec4<f32>();
    for (var i = invocation; i < 128u; i += 64u) { sum_0 += partial_sums[i]; }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 2512u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward_3(invocation: u32) {
  if (invocation < 126u) {
    let unit = invocation % 21u;
    let begin = (invocation / 21u) * 20u;
    let end = min(begin + 20u, 120u);
    var sum_0 = vec4<f32>();
    var at = 16034u + begin * 21u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 21u];
      let m2 = matrices[at + 2u * 21u];
      let m3 = matrices[at + 3u * 21u];
      at += 4u * 21u;
      sum_0 += m0 * work[base + 0u + 3024u + k] + m1 * work[base + 1u + 3024u + k] + m2 * work[base + 2u + 3024u + k] + m3 * work[base + 3u + 3024u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 21u) {
    let unit = invocation;
    var sum_0 = matrices[21074u + unit];
    for (var i = invocation; i < 126u; i += 21u) { sum_0 += partial_sums[i]; }
    { let four_ = activate(sum_0); work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_3(invocation: u32) {
  if (invocation < 120u) {
    let unit = invocation % 30u;
    let begin = (invocation / 30u) * 24u;
    let end = min(begin + 24u, 84u);
    var sum_0 = vec4<f32>();
    var at = 18554u + begin * 30u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 30u];
      let m2 = matrices[at + 2u * 30u];
      let m3 = matrices[at + 3u * 30u];
      at += 4u * 30u;
      sum_0 += m0 * work[base + 0u + 3144u + k] + m1 * work[base + 1u + 3144u + k] + m2 * work[base + 2u + 3144u + k] + m3 * work[base + 3u + 3144u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 30u) {
    let unit = invocation;
    var sum_0 = vec4<f32>();
    for (var i = invocation; i < 120u; i += 30u) { sum_0 += partial_sums[i]; }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 3024u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward_4(invocation: u32) {
  if (invocation < 15u) {
    let unit = invocation % 3u;
    let begin = (invocation / 3u) * 20u;
    let end = min(begin + 20u, 84u);
    var sum_0 = vec4<f32>();
    var at = 21095u + begin * 3u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 3u];
      let m2 = matrices[at + 2u * 3u];
      let m3 = matrices[at + 3u * 3u];
      at += 4u * 3u;
      sum_0 += m0 * work[base + 0u + 3144u + k] + m1 * work[base + 1u + 3144u + k] + m2 * work[base + 2u + 3144u + k] + m3 * work[base + 3u + 3144u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 3u) {
    let unit = invocation;
    var sum_0 = matrices[21599u + unit];
    for (var i = invocation; i < 15u; i += 3u) { sum_0 += partial_sums[i]; }
    { let four_ = (sum_0); work[base + 0u * ROW_STRIDE + 3228u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 3228u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 3228u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 3228u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_4(invocation: u32) {
  for (var unit = invocation; unit < 21u; unit += 256u) {
    var sum_0 = vec4<f32>();
    var at = 21347u + 0u * 21u + unit;
    for (var k = 0u; k < 12u; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 21u];
      let m2 = matrices[at + 2u * 21u];
      let m3 = matrices[at + 3u * 21u];
      at += 4u * 21u;
      sum_0 += m0 * work[base + 0u + 3228u + k] + m1 * work[base + 1u + 3228u + k] + m2 * work[base + 2u + 3228u + k] + m3 * work[base + 3u + 3228u + k];
    }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 3144u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward(invocation: u32) {
  forward_0(invocation);
  sync();
  forward_1(invocation);
  sync();
  forward_2(invocation);
  sync();
  forward_3(invocation);
  sync();
  forward_4(invocation);
  sync();
}

fn backward(invocation: u32) {
  backward_4(invocation);
  sync();
  backward_3(invocation);
  sync();
  backward_2(invocation);
  sync();
  backward_1(invocation);
  sync();
  backward_0(invocation);
  sync();
}

fn make_images(invocation: u32) {
}

fn parameter_gradient(invocation: u32) {
}

fn blur_gradient(invocation: u32) {
}

// The part of the kernel that is the same for every network. `writer.rs` puts the rest in front of it:
// the buffers, the constants in capitals, the workspace with `base`, where this workgroup's part of it
// begins, `enter` and `sync`, and the functions `forward`, `backward`, `make_images`,
// `parameter_gradient`, `blur_gradient`, `activate` and `derivative`.

var<workgroup> regularizer_sums: array<f32, REGULARIZER_SUMS>;
var<workgroup> shared_settings: Settings;
var<workgroup> shared_step: StepParameters;
var<private> settings: Settings;
var<private> step: StepParameters;
// Where the network's input comes from in the image: the identity while the trace is computed.
var<private> source: Source;
var<private> first_row: u32; // Of this workgroup.
// Where the parts of the snapshot begin: see `Snapshot` in Rust.
var<private> images: u32;
var<private> state: u32;
var<private> first_moments: u32;
var<private> second_moments: u32;
var<private> now: u32;
var<private> trace: u32;

// The pixel of the network's input at (x, y) shows the image at (a x + b y + right, a y - b x + down).
struct Source { a: f32, b: f32, right: f32, down: f32 }

// Waits for all invocations of the workgroup, and for what they wrote to storage buffers.
fn sync_all() { storageBarrier(); workgroupBarrier(); }

// The value of a map at a row and a column, counted from the corner of its padding; 0 in the padding.
fn padded_value(map: u32, y: u32, x: u32, padding: vec2<u32>, size: vec2<u32>) -> f32 {
  let at = vec2<u32>(x, y) - padding;
  return select(0.0, work[map + min(at.y, size.y - 1u) * size.x + min(at.x, size.x - 1u)], all(at < size));
}

// Clamped, because WGSL lets a compiler assume that there are no infinities.
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }

// Column and row of a pixel.
fn position(pixel: u32) -> vec2<f32> { return vec2<f32>(f32(pixel % 28u), f32(pixel / 28u)); }

// Column and row of the image that the input shows at a position.
fn source_of(at: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(
    source.a * at.x + source.b * at.y + source.right,
    source.a * at.y - source.b * at.x + source.down,
  );
}

// Writes the network's input: the image, transformed with bilinear interpolation, and normalized.
fn load_input(invocation: u32) {
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    let at = source_of(position(i));
    let corner = floor(at);
    let part = at - corner;
    // The four neighbors; those outside the image count as 0.
    let columns = vec4<f32>(corner.x, corner.x + 1.0, corner.x, corner.x + 1.0);
    let lines = vec4<f32>(corner.y, corner.y, corner.y + 1.0, corner.y + 1.0);
    let inside = (columns >= vec4<f32>(0.0)) & (columns < vec4<f32>(28.0))
      & (lines >= vec4<f32>(0.0)) & (lines < vec4<f32>(28.0));
    let across = vec4<f32>(1.0 - part.x, part.x, 1.0 - part.x, part.x);
    let down = vec4<f32>(1.0 - part.y, 1.0 - part.y, part.y, part.y);
    let weights_ = select(vec4<f32>(0.0), across * down, inside);
    let clamped = 28.0 * clamp(lines, vec4<f32>(0.0), vec4<f32>(27.0)) + clamp(columns, vec4<f32>(0.0), vec4<f32>(27.0));
    let pixels = vec4<u32>(clamped);
    for (var row = 0u; row < ROWS; row++) {
      let image = images + (first_row + row) * 784u;
      let values = vec4<f32>(
        snapshot[image + pixels.x],
        snapshot[image + pixels.y],
        snapshot[image + pixels.z],
        snapshot[image + pixels.w],
      );
      work[base + row * ROW_STRIDE + i] = (dot(weights_, values) - MEAN) / STD;
    }
  }
}

// Turns the gradient with respect to the network's input into the one with respect to the image, which
// is the transpose of the bilinear interpolation: each pixel of the image adds up the input's pixels
// that may have read it, each with the weight with which it did.
fn transpose_transform(invocation: u32) {
  let a = source.a;
  let b = source.b;
  let determinant = a * a + b * b;
  let reach = (abs(a) + abs(b)) / determinant;
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) { work[base + row * ROW_STRIDE + SPARE + i] = 0.0; }
    let pixel = position(i);
    let away = pixel - vec2<f32>(source.right, source.down);
    // The input's position that shows exactly this pixel.
    let center = vec2<f32>(a * away.x - b * away.y, b * away.x + a * away.y) / determinant;
    let low = vec2<i32>(clamp(ceil(center - reach), vec2<f32>(0.0), vec2<f32>(28.0)));
    let high = vec2<i32>(clamp(floor(center + reach), vec2<f32>(-1.0), vec2<f32>(27.0)));
    for (var y = low.y; y <= high.y; y++) {
      for (var x = low.x; x <= high.x; x++) {
        let distance = abs(source_of(vec2<f32>(f32(x), f32(y))) - pixel);
        let weight = max(1.0 - distance.x, 0.0) * max(1.0 - distance.y, 0.0);
        if (weight > 0.0) {
          for (var row = 0u; row < ROWS; row++) {
            let at = base + row * ROW_STRIDE;
            work[at + SPARE + i] += weight * work[at + u32(y * 28 + x)];
          }
        }
      }
    }
  }
  sync();
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) {
      let at = base + row * ROW_STRIDE + i;
      work[at] = work[at + SPARE];
    }
  }
  sync();
}

// The loss of one row. `wanted` is the log-probability of its digit.
fn loss(wanted: f32, logit: f32, other: f32) -> f32 {
  switch settings.objective {
    case TARGET_PROBABILITY: { return (wanted - settings.target_log_probability) * (wanted - settings.target_log_probability); }
    case LOG_PROBABILITY: { return -wanted; }
    case LOGIT: { return -logit; }
    default: { return other - logit; }
  }
}

// The loss's derivative with respect to the logit of a digit whose probability is p. `hit` is 1 for the
// row's digit, `other` for the one that a logit difference names; else they are 0.
fn loss_derivative(wanted: f32, p: f32, hit: f32, other: f32) -> f32 {
  switch settings.objective {
    case TARGET_PROBABILITY: { return 2.0 * (wanted - settings.target_log_probability) * (hit - p); }
    case LOG_PROBABILITY: { return p - hit; }
    case LOGIT: { return -hit; }
    default: { return other - hit; }
  }
}

// The digit of a row.
fn digit_of(row: u32) -> u32 { return u32(start[settings.rows * 784u + first_row + row]); }

// Where a row's hidden unit has its bias and its weights in `start`.
fn unit_bias(row: u32) -> u32 { return settings.rows * 785u + first_row + row; }
fn unit_weights(row: u32, inputs: u32) -> u32 { return settings.rows * 786u + (first_row + row) * inputs; }

// Replaces the logits of a row by the loss's gradient with respect to them. Writes log-probabilities
// and loss to the snapshot at `trace_at`, unless that is 0.
fn loss_and_gradient(row: u32, trace_at: u32) {
  let at = base + row * ROW_STRIDE + LOGITS;
  var top = work[at];
  for (var j = 1u; j < 10u; j++) { top = max(top, work[at + j]); }
  var sum = 0.0;
  for (var j = 0u; j < 10u; j++) { sum += exp(work[at + j] - top); }
  let log_sum = log(sum);
  let digit = select(digit_of(row), 0u, HIDDEN_UNIT);
  let wanted = work[at + digit] - top - log_sum;
  if (trace_at != 0u) {
    for (var j = 0u; j < 10u; j++) { snapshot[trace_at + j] = work[at + j] - top - log_sum; }
    var regularizers = 0.0;
    if (regularized() || HIDDEN_UNIT) {
      for (var i = 0u; i < WORKGROUP_SIZE; i++) { regularizers += regularizer_sums[row * WORKGROUP_SIZE + i]; }
    }
    let of_logits = loss(wanted, work[at + digit], work[at + settings.other_digit]);
    snapshot[trace_at + 10u] = select(of_logits, 0.0, HIDDEN_UNIT) + regularizers;
  }
  for (var j = 0u; j < 10u; j++) {
    let hit = select(0.0, 1.0, j == digit);
    let p = exp(work[at + j] - top - log_sum);
    work[at + j] = loss_derivative(wanted, p, hit, select(0.0, 1.0, j == settings.other_digit));
  }
  work[at + 10u] = 0.0;
  work[at + 11u] = 0.0;
}

fn regularized() -> bool {
  return settings.l1 != 0.0 || settings.l2 != 0.0 || settings.total_variation != 0.0
    || settings.start_distance != 0.0 || settings.density != 0.0;
}

// An image's pixel `by` columns and rows from pixel i; beyond the border, pixel i itself.
fn neighbor(image: u32, i: u32, by: vec2<i32>) -> f32 {
  let at = clamp(vec2<i32>(i32(i % 28u), i32(i / 28u)) + by, vec2<i32>(0), vec2<i32>(27));
  return snapshot[image + u32(at.y * 28 + at.x)];
}

// What the regularizers add to the loss, as one partial sum for each invocation.
fn regularizer_loss(invocation: u32) {
  for (var row = 0u; row < ROWS; row++) {
    let image = images + (first_row + row) * 784u;
    var sum = 0.0;
    for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
      let x = snapshot[image + i];
      let away = x - start[(first_row + row) * 784u + i];
      let edges = abs(neighbor(image, i, vec2<i32>(1, 0)) - x) + abs(neighbor(image, i, vec2<i32>(0, 1)) - x);
      sum += settings.l1 * abs(x) + settings.l2 * x * x + settings.total_variation * edges + settings.start_distance * away * away;
    }
    for (var i = invocation; i < PARAMETERS; i += WORKGROUP_SIZE) {
      let p = snapshot[state + (first_row + row) * PARAMETERS + i];
      sum += settings.density * p * p;
    }
    regularizer_sums[row * WORKGROUP_SIZE + invocation] = sum;
  }
}

// Adds the regularizers' gradient to that of the images. That of the density is added in `optimize`.
fn regularizer_gradient(invocation: u32) {
  for (var row = 0u; row < ROWS; row++) {
    let image = images + (first_row + row) * 784u;
    for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
      let x = snapshot[image + i];
      let away = x - start[(first_row + row) * 784u + i];
      let edges = sign(x - neighbor(image, i, vec2<i32>(1, 0))) + sign(x - neighbor(image, i, vec2<i32>(-1, 0)))
        + sign(x - neighbor(image, i, vec2<i32>(0, 1))) + sign(x - neighbor(image, i, vec2<i32>(0, -1)));
      work[base + row * ROW_STRIDE + i] += settings.l1 * sign(x) + 2.0 * settings.l2 * x
        + settings.total_variation * edges + 2.0 * settings.start_distance * away;
    }
  }
}

// One formula for all optimizers: see `StepParameters` in Rust. 1 - 0.9 and 1 - 0.999 are rounded to single precision,
// as Burn rounds them.
fn optimize(invocation: u32) {
  for (var i = invocation; i < PARAMETERS; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) {
      let at = (first_row + row) * PARAMETERS + i;
      let p = snapshot[state + at];
      let g = work[base + row * ROW_STRIDE + GRADIENT + i] + 2.0 * settings.density * p;
      let m = 0.9 * snapshot[first_moments + at] + (1.0f - 0.9f) * g;
      let v = 0.999 * snapshot[second_moments + at] + (1.0f - 0.999f) * g * g;
      snapshot[first_moments + at] = m;
      snapshot[second_moments + at] = v;
      let direction = step.average * m + (1.0 - step.average) * g;
      let change = step.rate * direction / (step.scaling * sqrt(v) + step.epsilon);
      snapshot[state + at] = p - clamp(change, -LONGEST_STEP, LONGEST_STEP);
    }
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) invocation: u32) {
  if (invocation == 0u) { shared_settings = schedule.settings; }
  let loaded = workgroupUniformLoad(&shared_settings);
  settings = loaded;
  let count = loaded.iterations;
  let rows = loaded.rows;
  state = rows * 784u;
  first_moments = state + rows * PARAMETERS;
  second_moments = first_moments + rows * PARAMETERS;
  now = second_moments + rows * PARAMETERS;
  trace = now + rows * 11u;
  images = select(0u, state, PIXELS_ARE_PARAMETERS);
  first_row = group.x * ROWS;
  enter(group.x);
  for (var i = invocation; i < ROWS * ROW_STRIDE; i += WORKGROUP_SIZE) { work[base + i] = 0.0; }
  for (var i = invocation; i < ROWS * PARAMETERS; i += WORKGROUP_SIZE) {
    let at = first_row * PARAMETERS + i;
    snapshot[state + at] = before[state + at];
    snapshot[first_moments + at] = before[first_moments + at];
    snapshot[second_moments + at] = before[second_moments + at];
  }
  // One more than there are iterations: the last only computes log-probabilities and losses.
  for (var iteration = 0u; iteration <= count; iteration++) {
    if (invocation == 0u) { shared_step = schedule.steps[iteration]; }
    sync_all();
    make_images(invocation);
    sync_all();
    if (regularized()) { regularizer_loss(invocation); }
    let parameters = workgroupUniformLoad(&shared_step);
    step = parameters;
    let transformed = iteration < count && (parameters.a != 1.0 || parameters.b != 0.0
      || parameters.right != 0.0 || parameters.down != 0.0);
    // The first pass is for the trace and sees the images as they are. Where this iteration transforms
    // them, a second one sees them transformed, for the gradient.
    source = Source(1.0, 0.0, 0.0, 0.0);
    let passes = select(1u, 2u, transformed);
    for (var pass_ = 0u; pass_ < passes; pass_++) {
      if (pass_ == 1u) { source = Source(parameters.a, parameters.b, parameters.right, parameters.down); }
      load_input(invocation);
      sync();
      forward(invocation);
      if (invocation < ROWS) {
        let row = first_row + invocation;
        let trace_at = select(trace + (iteration * rows + row) * 11u, now + row * 11u, iteration == count);
        loss_and_gradient(invocation, select(trace_at, 0u, pass_ == 1u));
      }
      sync();
    }
    if (iteration == count) { break; }
    backward(invocation);
    if (transformed) { transpose_transform(invocation); }
    if (regularized()) { regularizer_gradient(invocation); }
    sync();
    parameter_gradient(invocation);
    blur_gradient(invocation);
    optimize(invocation);
  }

  if (PIXELS_ARE_PARAMETERS) {
    for (var i = invocation; i < ROWS * 784u; i += WORKGROUP_SIZE) {
      snapshot[first_row * 784u + i] = snapshot[state + first_row * 784u + i];
    }
  }
}
