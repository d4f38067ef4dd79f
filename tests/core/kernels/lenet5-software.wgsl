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
@group(0) @binding(6) var<storage, read_write> work: array<f32, 32400>;
const ROWS = 5u;
const WORKGROUP_SIZE = 16u;
const ROW_STRIDE = 3240u;
const SPARE = 784u;
const PARAMETERS = 784u;
const LOGITS = 3228u;
const GRADIENT = 0u;
const REGULARIZER_SUMS = 80u;
const TARGET_PROBABILITY = 0u;
const LOG_PROBABILITY = 1u;
const LOGIT = 2u;
const MEAN = 0.0f;
const STD = 1.0f;
const LONGEST_STEP = 10.0f;
const PIXELS_ARE_PARAMETERS = true;
const HIDDEN_UNIT = false;
var<private> base: u32;
fn enter(group: u32) { base = group * ROWS * ROW_STRIDE; }
fn sync() { storageBarrier(); workgroupBarrier(); }
fn activate(x: vec4<f32>) -> vec4<f32> { return max(x, vec4<f32>(0.0)); }
fn derivative(x: vec4<f32>) -> vec4<f32> { return select(vec4<f32>(0.0), vec4<f32>(1.0), x > vec4<f32>(0.0)); }
fn activate_one(x: f32) -> f32 { return max(x, f32(0.0)); }
fn derivative_one(x: f32) -> f32 { return select(f32(0.0), f32(1.0), x > f32(0.0)); }

fn forward_0(invocation: u32) {
  for (var i = invocation; i < 1080u; i += 16u) {
    let row = base + (i / 216u) * ROW_STRIDE;
    let item = i % 216u;
    let filter_index = item / 36u;
    let place = (item % 36u) * 4u;
    let y = (place / 12u) * 2u;
    let x = (place % 12u) * 2u;
    let bias = weights[152u + filter_index];
    var v0 = bias;
    var v1 = bias;
    var v2 = bias;
    var v3 = bias;
    var v4 = bias;
    var v5 = bias;
    var v6 = bias;
    var v7 = bias;
    var v8 = bias;
    var v9 = bias;
    var v10 = bias;
    var v11 = bias;
    var v12 = bias;
    var v13 = bias;
    var v14 = bias;
    var v15 = bias;
    for (var c = 0u; c < 1u; c++) {
      let w = 0u + (filter_index * 1u + c) * 25u;
      let map = row + 0u + c * 784u;
      var w0_0 = 0.0;
      var w0_1 = 0.0;
      var w0_2 = 0.0;
      var w0_3 = 0.0;
      var w0_4 = 0.0;
      var w1_0 = 0.0;
      var w1_1 = 0.0;
      var w1_2 = 0.0;
      var w1_3 = 0.0;
      var w1_4 = 0.0;
      for (var iy = 0u; iy < 6u; iy++) {
        w1_4 = w0_4;
        w1_3 = w0_3;
        w1_2 = w0_2;
        w1_1 = w0_1;
        w1_0 = w0_0;
        w0_0 = select(0.0, weights[w + min(iy, 4u) * 5u + 0u], iy < 5u);
        w0_1 = select(0.0, weights[w + min(iy, 4u) * 5u + 1u], iy < 5u);
        w0_2 = select(0.0, weights[w + min(iy, 4u) * 5u + 2u], iy < 5u);
        w0_3 = select(0.0, weights[w + min(iy, 4u) * 5u + 3u], iy < 5u);
        w0_4 = select(0.0, weights[w + min(iy, 4u) * 5u + 4u], iy < 5u);
        let p0 = work[map + (y + iy) * 28u + x + 0u];
        let p1 = work[map + (y + iy) * 28u + x + 1u];
        let p2 = work[map + (y + iy) * 28u + x + 2u];
        let p3 = work[map + (y + iy) * 28u + x + 3u];
        let p4 = work[map + (y + iy) * 28u + x + 4u];
        let p5 = work[map + (y + iy) * 28u + x + 5u];
        let p6 = work[map + (y + iy) * 28u + x + 6u];
        let p7 = work[map + (y + iy) * 28u + x + 7u];
        let p8 = work[map + (y + iy) * 28u + x + 8u];
        let p9 = work[map + (y + iy) * 28u + x + 9u];
        let p10 = work[map + (y + iy) * 28u + x + 10u];
        let p11 = work[map + (y + iy) * 28u + x + 11u];
        v0 += w0_0 * p0 + w0_1 * p1 + w0_2 * p2 + w0_3 * p3 + w0_4 * p4;
        v1 += w0_0 * p1 + w0_1 * p2 + w0_2 * p3 + w0_3 * p4 + w0_4 * p5;
        v2 += w0_0 * p2 + w0_1 * p3 + w0_2 * p4 + w0_3 * p5 + w0_4 * p6;
        v3 += w0_0 * p3 + w0_1 * p4 + w0_2 * p5 + w0_3 * p6 + w0_4 * p7;
        v4 += w0_0 * p4 + w0_1 * p5 + w0_2 * p6 + w0_3 * p7 + w0_4 * p8;
        v5 += w0_0 * p5 + w0_1 * p6 + w0_2 * p7 + w0_3 * p8 + w0_4 * p9;
        v6 += w0_0 * p6 + w0_1 * p7 + w0_2 * p8 + w0_3 * p9 + w0_4 * p10;
        v7 += w0_0 * p7 + w0_1 * p8 + w0_2 * p9 + w0_3 * p10 + w0_4 * p11;
        v8 += w1_0 * p0 + w1_1 * p1 + w1_2 * p2 + w1_3 * p3 + w1_4 * p4;
        v9 += w1_0 * p1 + w1_1 * p2 + w1_2 * p3 + w1_3 * p4 + w1_4 * p5;
        v10 += w1_0 * p2 + w1_1 * p3 + w1_2 * p4 + w1_3 * p5 + w1_4 * p6;
        v11 += w1_0 * p3 + w1_1 * p4 + w1_2 * p5 + w1_3 * p6 + w1_4 * p7;
        v12 += w1_0 * p4 + w1_1 * p5 + w1_2 * p6 + w1_3 * p7 + w1_4 * p8;
        v13 += w1_0 * p5 + w1_1 * p6 + w1_2 * p7 + w1_3 * p8 + w1_4 * p9;
        v14 += w1_0 * p6 + w1_1 * p7 + w1_2 * p8 + w1_3 * p9 + w1_4 * p10;
        v15 += w1_0 * p7 + w1_1 * p8 + w1_2 * p9 + w1_3 * p10 + w1_4 * p11;
      }
    }
    var best0 = v0;
    var argmax0 = 0.0;
    if (v1 > best0) { best0 = v1; argmax0 = 1.0; }
    if (v8 > best0) { best0 = v8; argmax0 = 2.0; }
    if (v9 > best0) { best0 = v9; argmax0 = 3.0; }
    work[row + 784u + filter_index * 144u + place + 0u + 864u] = argmax0;
    work[row + 784u + filter_index * 144u + place + 0u] = activate_one(best0);
    var best1 = v2;
    var argmax1 = 0.0;
    if (v3 > best1) { best1 = v3; argmax1 = 1.0; }
    if (v10 > best1) { best1 = v10; argmax1 = 2.0; }
    if (v11 > best1) { best1 = v11; argmax1 = 3.0; }
    work[row + 784u + filter_index * 144u + place + 1u + 864u] = argmax1;
    work[row + 784u + filter_index * 144u + place + 1u] = activate_one(best1);
    var best2 = v4;
    var argmax2 = 0.0;
    if (v5 > best2) { best2 = v5; argmax2 = 1.0; }
    if (v12 > best2) { best2 = v12; argmax2 = 2.0; }
    if (v13 > best2) { best2 = v13; argmax2 = 3.0; }
    work[row + 784u + filter_index * 144u + place + 2u + 864u] = argmax2;
    work[row + 784u + filter_index * 144u + place + 2u] = activate_one(best2);
    var best3 = v6;
    var argmax3 = 0.0;
    if (v7 > best3) { best3 = v7; argmax3 = 1.0; }
    if (v14 > best3) { best3 = v14; argmax3 = 2.0; }
    if (v15 > best3) { best3 = v15; argmax3 = 3.0; }
    work[row + 784u + filter_index * 144u + place + 3u + 864u] = argmax3;
    work[row + 784u + filter_index * 144u + place + 3u] = activate_one(best3);
  }
}

fn backward_0(invocation: u32) {
  for (var i = invocation; i < 280u; i += 16u) {
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
  for (var i = invocation; i < 320u; i += 16u) {
    let row = base + (i / 64u) * ROW_STRIDE;
    let item = i % 64u;
    let filter_index = item / 4u;
    let place = (item % 4u) * 4u;
    let y = (place / 4u) * 2u;
    let x = (place % 4u) * 2u;
    let bias = weights[2560u + filter_index];
    var v0 = bias;
    var v1 = bias;
    var v2 = bias;
    var v3 = bias;
    var v4 = bias;
    var v5 = bias;
    var v6 = bias;
    var v7 = bias;
    var v8 = bias;
    var v9 = bias;
    var v10 = bias;
    var v11 = bias;
    var v12 = bias;
    var v13 = bias;
    var v14 = bias;
    var v15 = bias;
    for (var c = 0u; c < 6u; c++) {
      let w = 160u + (filter_index * 6u + c) * 25u;
      let map = row + 784u + c * 144u;
      var w0_0 = 0.0;
      var w0_1 = 0.0;
      var w0_2 = 0.0;
      var w0_3 = 0.0;
      var w0_4 = 0.0;
      var w1_0 = 0.0;
      var w1_1 = 0.0;
      var w1_2 = 0.0;
      var w1_3 = 0.0;
      var w1_4 = 0.0;
      for (var iy = 0u; iy < 6u; iy++) {
        w1_4 = w0_4;
        w1_3 = w0_3;
        w1_2 = w0_2;
        w1_1 = w0_1;
        w1_0 = w0_0;
        w0_0 = select(0.0, weights[w + min(iy, 4u) * 5u + 0u], iy < 5u);
        w0_1 = select(0.0, weights[w + min(iy, 4u) * 5u + 1u], iy < 5u);
        w0_2 = select(0.0, weights[w + min(iy, 4u) * 5u + 2u], iy < 5u);
        w0_3 = select(0.0, weights[w + min(iy, 4u) * 5u + 3u], iy < 5u);
        w0_4 = select(0.0, weights[w + min(iy, 4u) * 5u + 4u], iy < 5u);
        let p0 = work[map + (y + iy) * 12u + x + 0u];
        let p1 = work[map + (y + iy) * 12u + x + 1u];
        let p2 = work[map + (y + iy) * 12u + x + 2u];
        let p3 = work[map + (y + iy) * 12u + x + 3u];
        let p4 = work[map + (y + iy) * 12u + x + 4u];
        let p5 = work[map + (y + iy) * 12u + x + 5u];
        let p6 = work[map + (y + iy) * 12u + x + 6u];
        let p7 = work[map + (y + iy) * 12u + x + 7u];
        let p8 = work[map + (y + iy) * 12u + x + 8u];
        let p9 = work[map + (y + iy) * 12u + x + 9u];
        let p10 = work[map + (y + iy) * 12u + x + 10u];
        let p11 = work[map + (y + iy) * 12u + x + 11u];
        v0 += w0_0 * p0 + w0_1 * p1 + w0_2 * p2 + w0_3 * p3 + w0_4 * p4;
        v1 += w0_0 * p1 + w0_1 * p2 + w0_2 * p3 + w0_3 * p4 + w0_4 * p5;
        v2 += w0_0 * p2 + w0_1 * p3 + w0_2 * p4 + w0_3 * p5 + w0_4 * p6;
        v3 += w0_0 * p3 + w0_1 * p4 + w0_2 * p5 + w0_3 * p6 + w0_4 * p7;
        v4 += w0_0 * p4 + w0_1 * p5 + w0_2 * p6 + w0_3 * p7 + w0_4 * p8;
        v5 += w0_0 * p5 + w0_1 * p6 + w0_2 * p7 + w0_3 * p8 + w0_4 * p9;
        v6 += w0_0 * p6 + w0_1 * p7 + w0_2 * p8 + w0_3 * p9 + w0_4 * p10;
        v7 += w0_0 * p7 + w0_1 * p8 + w0_2 * p9 + w0_3 * p10 + w0_4 * p11;
        v8 += w1_0 * p0 + w1_1 * p1 + w1_2 * p2 + w1_3 * p3 + w1_4 * p4;
        v9 += w1_0 * p1 + w1_1 * p2 + w1_2 * p3 + w1_3 * p4 + w1_4 * p5;
        v10 += w1_0 * p2 + w1_1 * p3 + w1_2 * p4 + w1_3 * p5 + w1_4 * p6;
        v11 += w1_0 * p3 + w1_1 * p4 + w1_2 * p5 + w1_3 * p6 + w1_4 * p7;
        v12 += w1_0 * p4 + w1_1 * p5 + w1_2 * p6 + w1_3 * p7 + w1_4 * p8;
        v13 += w1_0 * p5 + w1_1 * p6 + w1_2 * p7 + w1_3 * p8 + w1_4 * p9;
        v14 += w1_0 * p6 + w1_1 * p7 + w1_2 * p8 + w1_3 * p9 + w1_4 * p10;
        v15 += w1_0 * p7 + w1_1 * p8 + w1_2 * p9 + w1_3 * p10 + w1_4 * p11;
      }
    }
    var best0 = v0;
    var argmax0 = 0.0;
    if (v1 > best0) { best0 = v1; argmax0 = 1.0; }
    if (v8 > best0) { best0 = v8; argmax0 = 2.0; }
    if (v9 > best0) { best0 = v9; argmax0 = 3.0; }
    work[row + 2512u + filter_index * 16u + place + 0u + 256u] = argmax0;
    work[row + 2512u + filter_index * 16u + place + 0u] = activate_one(best0);
    var best1 = v2;
    var argmax1 = 0.0;
    if (v3 > best1) { best1 = v3; argmax1 = 1.0; }
    if (v10 > best1) { best1 = v10; argmax1 = 2.0; }
    if (v11 > best1) { best1 = v11; argmax1 = 3.0; }
    work[row + 2512u + filter_index * 16u + place + 1u + 256u] = argmax1;
    work[row + 2512u + filter_index * 16u + place + 1u] = activate_one(best1);
    var best2 = v4;
    var argmax2 = 0.0;
    if (v5 > best2) { best2 = v5; argmax2 = 1.0; }
    if (v12 > best2) { best2 = v12; argmax2 = 2.0; }
    if (v13 > best2) { best2 = v13; argmax2 = 3.0; }
    work[row + 2512u + filter_index * 16u + place + 2u + 256u] = argmax2;
    work[row + 2512u + filter_index * 16u + place + 2u] = activate_one(best2);
    var best3 = v6;
    var argmax3 = 0.0;
    if (v7 > best3) { best3 = v7; argmax3 = 1.0; }
    if (v14 > best3) { best3 = v14; argmax3 = 2.0; }
    if (v15 > best3) { best3 = v15; argmax3 = 3.0; }
    work[row + 2512u + filter_index * 16u + place + 3u + 256u] = argmax3;
    work[row + 2512u + filter_index * 16u + place + 3u] = activate_one(best3);
  }
}

fn backward_1(invocation: u32) {
  for (var i = invocation; i < 360u; i += 16u) {
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

// A product with a matrix: what `product` in Rust calls its numbers, in fours where they count fours.
struct DenseProduct {
  inputs: u32,
  fours: u32,
  matrix: u32,
  bias: u32,
  from_: u32,
  to_: u32,
  activated: bool,
  divisor: f32,
}

fn dense_forward(layer: u32) -> DenseProduct {
  switch layer {
    case 0u: { return DenseProduct(256u, 30u, 644u, 16004u, 2512u, 3024u, true, 1.0); }
    case 1u: { return DenseProduct(120u, 21u, 16034u, 21074u, 3024u, 3144u, true, 1.0); }
    default: { return DenseProduct(84u, 3u, 21095u, 21599u, 3144u, 3228u, false, 1.0); }
  }
}

fn forward_dense(invocation: u32) {
  for (var layer = 0u; layer < 3u; layer++) {
    let it = dense_forward(layer);
    for (var unit = invocation; unit < it.fours; unit += 16u) {
    var sum_0 = matrices[it.bias + unit];
    var sum_1 = matrices[it.bias + unit];
    var sum_2 = matrices[it.bias + unit];
    var sum_3 = matrices[it.bias + unit];
    var sum_4 = matrices[it.bias + unit];
    var at = it.matrix + 0u * it.fours + unit;
    for (var k = 0u; k < it.inputs; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + it.fours];
      let m2 = matrices[at + 2u * it.fours];
      let m3 = matrices[at + 3u * it.fours];
      at += 4u * it.fours;
      sum_0 += m0 * work[base + 0u + it.from_ + k] + m1 * work[base + 1u + it.from_ + k] + m2 * work[base + 2u + it.from_ + k] + m3 * work[base + 3u + it.from_ + k];
      sum_1 += m0 * work[base + 3240u + it.from_ + k] + m1 * work[base + 3241u + it.from_ + k] + m2 * work[base + 3242u + it.from_ + k] + m3 * work[base + 3243u + it.from_ + k];
      sum_2 += m0 * work[base + 6480u + it.from_ + k] + m1 * work[base + 6481u + it.from_ + k] + m2 * work[base + 6482u + it.from_ + k] + m3 * work[base + 6483u + it.from_ + k];
      sum_3 += m0 * work[base + 9720u + it.from_ + k] + m1 * work[base + 9721u + it.from_ + k] + m2 * work[base + 9722u + it.from_ + k] + m3 * work[base + 9723u + it.from_ + k];
      sum_4 += m0 * work[base + 12960u + it.from_ + k] + m1 * work[base + 12961u + it.from_ + k] + m2 * work[base + 12962u + it.from_ + k] + m3 * work[base + 12963u + it.from_ + k];
    }
    { let four_ = select(sum_0, activate(sum_0), it.activated); work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = select(sum_1, activate(sum_1), it.activated); work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = select(sum_2, activate(sum_2), it.activated); work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = select(sum_3, activate(sum_3), it.activated); work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = select(sum_4, activate(sum_4), it.activated); work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    }
    sync();
  }
}

fn dense_backward(layer: u32) -> DenseProduct {
  switch layer {
    case 0u: { return DenseProduct(12u, 21u, 21347u, 0u, 3228u, 3144u, true, 1.0); }
    case 1u: { return DenseProduct(84u, 30u, 18554u, 0u, 3144u, 3024u, true, 1.0); }
    default: { return DenseProduct(120u, 64u, 8324u, 0u, 3024u, 2512u, true, 1.0); }
  }
}

fn backward_dense(invocation: u32) {
  for (var layer = 0u; layer < 3u; layer++) {
    let it = dense_backward(layer);
    for (var unit = invocation; unit < it.fours; unit += 16u) {
    var sum_0 = vec4<f32>();
    var sum_1 = vec4<f32>();
    var sum_2 = vec4<f32>();
    var sum_3 = vec4<f32>();
    var sum_4 = vec4<f32>();
    var at = it.matrix + 0u * it.fours + unit;
    for (var k = 0u; k < it.inputs; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + it.fours];
      let m2 = matrices[at + 2u * it.fours];
      let m3 = matrices[at + 3u * it.fours];
      at += 4u * it.fours;
      sum_0 += m0 * work[base + 0u + it.from_ + k] + m1 * work[base + 1u + it.from_ + k] + m2 * work[base + 2u + it.from_ + k] + m3 * work[base + 3u + it.from_ + k];
      sum_1 += m0 * work[base + 3240u + it.from_ + k] + m1 * work[base + 3241u + it.from_ + k] + m2 * work[base + 3242u + it.from_ + k] + m3 * work[base + 3243u + it.from_ + k];
      sum_2 += m0 * work[base + 6480u + it.from_ + k] + m1 * work[base + 6481u + it.from_ + k] + m2 * work[base + 6482u + it.from_ + k] + m3 * work[base + 6483u + it.from_ + k];
      sum_3 += m0 * work[base + 9720u + it.from_ + k] + m1 * work[base + 9721u + it.from_ + k] + m2 * work[base + 9722u + it.from_ + k] + m3 * work[base + 9723u + it.from_ + k];
      sum_4 += m0 * work[base + 12960u + it.from_ + k] + m1 * work[base + 12961u + it.from_ + k] + m2 * work[base + 12962u + it.from_ + k] + m3 * work[base + 12963u + it.from_ + k];
    }
    { let four_ = sum_0 / it.divisor * select(vec4<f32>(1.0), derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 3u])), it.activated); work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = sum_1 / it.divisor * select(vec4<f32>(1.0), derivative(vec4<f32>(work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 0u], work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 1u], work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 2u], work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 3u])), it.activated); work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 1u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = sum_2 / it.divisor * select(vec4<f32>(1.0), derivative(vec4<f32>(work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 0u], work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 1u], work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 2u], work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 3u])), it.activated); work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 2u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = sum_3 / it.divisor * select(vec4<f32>(1.0), derivative(vec4<f32>(work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 0u], work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 1u], work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 2u], work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 3u])), it.activated); work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 3u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    { let four_ = sum_4 / it.divisor * select(vec4<f32>(1.0), derivative(vec4<f32>(work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 0u], work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 1u], work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 2u], work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 3u])), it.activated); work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 0u] = four_[0]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 1u] = four_[1]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 2u] = four_[2]; work[base + 4u * ROW_STRIDE + it.to_ + 4u * unit + 3u] = four_[3]; }
    }
    sync();
  }
}

fn forward(invocation: u32) {
  forward_0(invocation);
  sync();
  forward_1(invocation);
  sync();
  forward_dense(invocation);
  sync();
}

fn backward(invocation: u32) {
  backward_dense(invocation);
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
