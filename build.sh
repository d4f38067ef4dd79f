#!/usr/bin/env bash
# Builds, serves, tests and trains. Installs what is missing, and says what and why.
#
#   ./build.sh [serve]        build the page and serve it on http://localhost:8080 ($PORT): on the CPU as
#                             soon as that is there, on WebGPU some minutes later
#   ./build.sh dev            serve it from the source, for work on it: what is changed is there at once
#   ./build.sh build          build the page into www/dist, ready for any static server
#   ./build.sh package        build the npm package into target/package, ready for npm pack
#   ./build.sh test           every check, and the tests that a change must pass, the browser's included
#   ./build.sh test all       every test there is: in the browser also those that are slow and rare
#   ./build.sh train [...]    train the networks from MNIST into www/weights; --help lists the options
#   ./build.sh bench          measure beside TensorFlow.js and jax-js: milliseconds a step, sizes, time
#                             to the first picture; with --node in Node, for machines with a GPU and
#                             no browser; with --native the core alone, outside of WebAssembly
#   ./build.sh rooms          print which room of src/ and www/src/ imports which, and refuse a circle
#   ./build.sh fuzz [runs]    throw bytes at the readers of files, ten million times if not otherwise
#   ./build.sh soak [scale]   four hours of lecture in about half of one: what is held may not grow;
#                             writes target/soak.svg
#
# What is compiled goes to target/ ($CARGO_TARGET_DIR), tools to ~/.cache/actmax ($XDG_CACHE_HOME).
set -euo pipefail
cd "$(dirname "$0")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/actmax
target=${CARGO_TARGET_DIR:-$PWD/target}
triple=wasm32-unknown-unknown
# Whether modules are made small, which takes minutes.
small=true
vite=(tests/node_modules/.bin/vite -c tests/build/vite.config.js)
# Node, for scripts that import TypeScript.
typescript=(node --import ./tests/node_modules/tsx/dist/loader.mjs)

say() { printf '\033[1m» %s\033[0m\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Debian's packages, by name, where there is apt and leave to use it.
apt_install() {
  have apt-get || return 1
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || return 1
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq || return 1
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# --- tools ---------------------------------------------------------------------------------------

need_rust() {
  have cargo || fail 'Rust is missing. Install it from https://rustup.rs, then run this again.'
}

need_node() {
  have npm || { say 'Installing Node.js: wasm-opt, the server and the page tests run on it'; apt_install nodejs npm; } ||
    fail 'Node.js 20 or later is missing. Install it from https://nodejs.org, then run this again.'
  if [ ! -e tests/node_modules/.package-lock.json ] ||
    [ tests/package-lock.json -nt tests/node_modules/.package-lock.json ]; then
    say 'Installing the npm packages of tests/package.json: Vite, wasm-opt, uPlot, reveal.js, gifenc, mediabunny, Workbox, a server, a browser driver'
    npm ci --prefix tests --no-fund --no-audit --loglevel=error
    touch tests/node_modules/.package-lock.json
  fi
}

# Whether this rustc has a standard library for WebAssembly.
knows_wasm() {
  local lib
  lib=$("$1" --print target-libdir --target $triple 2>/dev/null) || return 1
  compgen -G "$lib/libstd-*.rlib" >/dev/null
}

# Cargo for WebAssembly: `wasm_path` goes in front of PATH.
wasm_path=
need_wasm() {
  need_rust
  knows_wasm rustc && return
  if knows_wasm /usr/bin/rustc; then
    wasm_path=/usr/bin:
    return
  fi
  if have rustup; then
    say "Installing Rust's standard library for WebAssembly"
    rustup target add $triple && return
  fi
  debian_wasm ||
    fail "Rust's standard library for WebAssembly is missing. Run: rustup target add $triple"
  wasm_path=/usr/bin:
}

# Where rustup's servers cannot be reached but Debian's can: its Rust for web browsers, with the
# standard library compiled from the source that it ships.
debian_wasm() {
  say "rustup could not help. Installing Debian's Rust and compiling its standard library (2 minutes)"
  apt_install rustc-web cargo-web rust-web-clippy rust-web-src rust-web-llvm lld-22 || return 1
  local work lib
  work=$(mktemp -d)
  mkdir "$work/src"
  : >"$work/src/lib.rs"
  printf '[package]\nname = "empty"\nedition = "2024"\n' >"$work/Cargo.toml"
  (
    cd "$work"
    unset CARGO_TARGET_DIR
    PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 cargo build --quiet --release --target $triple \
      -Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro
  ) || return 1
  rm -f "$work"/target/$triple/release/deps/libempty-*
  lib=$(/usr/bin/rustc --print target-libdir --target $triple)
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" mkdir -p "$lib"
  "${sudo[@]}" cp "$work"/target/$triple/release/deps/*.rlib "$lib/"
  rm -rf "$work"
}

need_bindgen() {
  need_wasm
  export PATH=$cache/tools/bin:$PATH
  local bindgen
  bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $bindgen" ]; then
    say "Installing wasm-bindgen $bindgen, the version in Cargo.lock: it writes the JavaScript bindings"
    env -u CARGO_TARGET_DIR cargo install --root "$cache/tools" wasm-bindgen-cli --version "$bindgen"
  fi
}

need_wasm_pack() {
  need_bindgen
  if ! have wasm-pack; then
    say 'Installing wasm-pack: it runs the tests of the crate in a browser'
    env -u CARGO_TARGET_DIR cargo install --root "$cache/tools" wasm-pack
  fi
}

need_browser() {
  if ! have chromedriver || ! { have chromium || have google-chrome; }; then
    say 'Installing Chromium and its driver: the tests run in it'
    apt_install chromium chromium-driver ||
      fail 'Chromium (or Chrome) with chromedriver is missing. Install both, then run this again.'
  fi
  if ! have firefox && ! have firefox-esr; then
    say 'Installing Firefox: the page is tested in it too'
    apt_install firefox-esr || say 'There is no Firefox here: its tests will be skipped'
  fi
}

# --- steps ---------------------------------------------------------------------------------------

in_wasm() { PATH=$wasm_path$PATH CARGO_TARGET_DIR=$target/wasm "$@"; }
in_native() { CARGO_TARGET_DIR=$target/native "$@"; }

# The features of a build, for cargo: webgpu is the default.
features() {
  case $1 in
    webgpu) ;;
    cpu) echo --no-default-features --features cpu ;;
    train) echo --no-default-features --features train ;;
  esac
}

# The CPU's arithmetic is in its module, so it is optimized for speed; the GPU's is not, and its size counts.
build_module() {
  local name=$1 level out=www/pkg/$1
  case $name in cpu) level=-O3 ;; webgpu) level=-Oz ;; esac
  say "Building the $name module"
  # shellcheck disable=SC2046
  in_wasm cargo build --lib --release --target $triple $(features "$name")
  rm -rf "$out"
  wasm-bindgen --target web --omit-default-module-path --out-dir "$out" --out-name actmax "$target/wasm/$triple/release/actmax.wasm"
  # See `constructors` in src/reference/device.rs for what that would cost.
  if grep -q command_export "$out/actmax_bg.wasm"; then
    fail "The $name module runs all constructors on every call: __wasm_call_ctors is not called."
  fi
  if $small; then
    optimize "$out/actmax_bg.wasm" "$level"
  fi
}

# wasm-opt takes minutes, so what it made of the same bytes is kept.
optimize() {
  local file=$1 level=$2 kept
  kept=$cache/wasm-opt/$(sha256sum <"$file" | cut -c1-32)$level.wasm
  if [ ! -e "$kept" ]; then
    mkdir -p "$cache/wasm-opt"
    find "$cache/wasm-opt" -type f -mtime +14 -delete 2>/dev/null || true
    tests/node_modules/.bin/wasm-opt "$level" --strip-debug --strip-producers \
      --enable-bulk-memory --enable-mutable-globals --enable-multivalue \
      --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext --enable-simd \
      "$file" -o "$kept.part"
    mv "$kept.part" "$kept"
  fi
  cp "$kept" "$file"
}

build_modules() {
  need_bindgen
  need_node
  build_module cpu
  build_module webgpu
}

# From what is in www/pkg, into www/dist.
build_site() {
  say 'Building the page'
  "${vite[@]}" build --logLevel warn
}

build_page() {
  build_modules
  build_site
}

package() {
  build_page
  rm -rf "$target/package"
  "${typescript[@]}" tests/npm/make.js "$target/package"
  say "The package is in $target/package"
}

serve() {
  need_bindgen
  need_node
  build_module cpu
  build_site
  # WebGPU takes longer than all else together: it is built while the page can be looked at.
  (
    build_module webgpu
    build_site
    say 'WebGPU is there: load the page again.'
  ) &
  say "The page is at http://localhost:${PORT:-8080}/   (Ctrl+C ends)"
  # --cors: a sandboxed frame has no origin of its own, so its own files come from another.
  exec tests/node_modules/.bin/sirv www/dist --dev --quiet --cors --brotli --gzip --host localhost --port "${PORT:-8080}"
}

dev() {
  build_modules
  "${vite[@]}"
}

# What a person does with the pages, which is tested in every browser; without WebGPU, only where that
# may make a difference. The other tests need a GPU, or what only Chromium's driver can do (tabs put to
# sleep, color schemes, caches), or no browser. Without `all`, about a minute of them in each browser.
without_webgpu=(tests/page/page.test.js)
in_firefox=(tests/page/{page,travel-element}.test.js)

run_tests() {
  case ${1:-} in
    '') ;;
    all)
      export TESTS=all
      without_webgpu+=(tests/page/{travel-element,asleep-asked}.test.js)
      in_firefox+=(tests/page/{guide,permalink,travel,travel-snippets,asleep-asked}.test.js)
      ;;
    *) fail "There are no tests \"$1\". It is: ./build.sh test [all]" ;;
  esac

  need_wasm_pack
  need_node
  need_browser

  say 'Format'
  cargo fmt --check

  say 'Rooms of the crate and the page'
  node tests/rooms.js

  say 'Lints'
  # shellcheck disable=SC2046
  in_native cargo clippy --quiet --profile native --all-targets $(features train) -- -D warnings
  # shellcheck disable=SC2046
  in_native cargo clippy --quiet --profile native --all-targets $(features webgpu) -- -D warnings
  for name in webgpu cpu; do
    # shellcheck disable=SC2046
    in_wasm cargo clippy --quiet --release --all-targets --target $triple $(features $name) -- -D warnings
  done

  say 'Tests of the crate, natively'
  # shellcheck disable=SC2046
  in_native cargo test --profile native $(features train)

  say 'Documentation'
  for name in webgpu train; do
    # shellcheck disable=SC2046
    RUSTDOCFLAGS='-D warnings' in_native cargo doc --quiet --profile native --no-deps $(features $name)
  done

  build_page
  say 'Building the modules of the page one by one, for tests that look inside'
  "${vite[@]}" build --mode modules --logLevel warn

  say 'Types'
  tests/node_modules/.bin/tsc -p tests/tsconfig.json

  # Two shards, which share two cores: much of a test in a browser is waiting, and none minds a busy machine.
  local shard failed=()
  say 'Tests of the page, in Chromium; behind them those of the crate and of other browsers, whose output comes last'
  trap 'trap - INT TERM; kill 0' INT TERM # Or what runs behind would go on.
  test_elsewhere >"$target/elsewhere.log" 2>&1 &
  shard=$!
  page_tests chromium tests/page/ || failed+=('of the page, in Chromium')
  say 'Tests of the crate in Chromium, and of the page in other browsers'
  wait "$shard" || failed+=('of the crate in Chromium, or of the page in other browsers')
  cat "$target/elsewhere.log"
  [ ${#failed[@]} = 0 ] || fail "Tests failed: ${failed[*]}."
}

# Of more than a thousand tests in browsers on a busy machine, one may fail by chance: what failed is run once more,
# alone, and named. More than three files are no chance.
page_tests() {
  local browser=$1 log failed file run
  shift
  log=$(mktemp)
  run=(env BROWSER="$browser" "${typescript[@]}" --test --test-reporter=tap --test-reporter-destination="$log"
    --test-reporter="$([ -t 1 ] && echo spec || echo tap)" --test-reporter-destination=stdout)
  "${run[@]}" --test-concurrency=2 "$@" && return
  failed=()
  while read -r file; do
    failed+=("$file")
  done < <(sed -n "s/^ *location: '\(.*\.test\.js\):[0-9]*:[0-9]*'$/\1/p" "$log" | sort -u)
  if [ ${#failed[@]} = 0 ] || [ ${#failed[@]} -gt 3 ]; then
    return 1
  fi
  say "Once more, alone: ${failed[*]}"
  "${run[@]}" --test-concurrency=1 "${failed[@]}" || return 1
  say "Passed at the second try, and to be looked into: ${failed[*]}"
}

# What is not of the page in Chromium. All of it is run, whatever fails.
test_elsewhere() {
  local name failed=false
  for name in webgpu cpu; do
    say "Tests of the crate, in Chromium, on $name"
    # shellcheck disable=SC2046
    in_wasm wasm-pack test --mode no-install --release --headless --chrome -- $(features $name) || failed=true
  done
  say 'Tests of the page, in Chromium without WebGPU'
  page_tests chromium-without-webgpu "${without_webgpu[@]}" || failed=true
  if have firefox || have firefox-esr; then
    say 'Tests of the page, in Firefox'
    page_tests firefox "${in_firefox[@]}" || failed=true
  else
    say 'There is no Firefox here: its tests are skipped'
  fi
  ! $failed
}

train() {
  need_rust
  # shellcheck disable=SC2046
  in_native cargo run --profile native $(features train) --bin train -- "$@"
}

# Beside the libraries that somebody could take instead, which are installed for this alone.
bench() {
  if [ "${1:-}" = --native ]; then
    need_rust
    shift
    # shellcheck disable=SC2046
    in_native cargo bench --profile native $(features cpu) --bench steps -- "$@"
    return
  fi
  build_page
  say 'Installing what is measured beside it: TensorFlow.js and jax-js'
  npm ci --prefix tests/bench --no-fund --no-audit --loglevel=error
  tests/node_modules/.bin/tsc -p tests/bench/tsconfig.json
  if [ "${1:-}" = --node ]; then
    shift
    "${typescript[@]}" tests/bench/node.js "$@"
  else
    need_browser
    "${typescript[@]}" tests/bench/bench.js "$@"
  fi
}

# Coverage needs a nightly compiler. What was found before, in $target/fuzz, is where it goes on.
fuzz() {
  need_rust
  rustup run nightly rustc --version >/dev/null 2>&1 ||
    { say 'Installing nightly Rust: the fuzzer follows what it reaches' && rustup toolchain install nightly --profile minimal; }
  export PATH=$cache/tools/bin:$PATH
  if ! have cargo-fuzz; then
    say 'Installing cargo-fuzz'
    env -u CARGO_TARGET_DIR cargo install --root "$cache/tools" cargo-fuzz
  fi
  mkdir -p "$target/fuzz/corpus"
  CARGO_TARGET_DIR=$target/fuzz cargo +nightly fuzz run --fuzz-dir tests/fuzz files \
    "$target/fuzz/corpus" tests/fuzz/seeds tests/fixtures/hostile tests/fixtures/pytorch \
    -- -runs="${1:-10000000}" -dict=tests/fuzz/words -max_len=4096 -timeout=10 -malloc_limit_mb=64 \
    -print_final_stats=1
}

soak() {
  build_page
  need_browser
  "${typescript[@]}" tests/page/soak.js "$@"
}

case ${1:-serve} in
  serve) serve ;;
  dev) small=false && dev ;;
  build) build_page ;;
  package) package ;;
  test) shift && run_tests "$@" ;;
  train) shift && train "$@" ;;
  bench) shift && bench "$@" ;;
  rooms) need_node && node tests/rooms.js ;;
  fuzz) shift && fuzz "$@" ;;
  soak) shift && soak "$@" ;;
  *)
    sed -n '2,19s/^# \{0,1\}//p' "$0"
    [ "$1" = help ] || [ "$1" = --help ] || exit 2
    ;;
esac
