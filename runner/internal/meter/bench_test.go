package meter_test

import (
	"os"
	"testing"

	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// BenchmarkCode compares code of a few shapes with its copy.
func BenchmarkCode(b *testing.B) {
	mod := module(b, `(module (memory 16)
		(func $fib (export "fib") (param i32) (result i32)
			(if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
				(else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
		(func (export "spin") (param $n i32) (result i32) (local $acc i32)
			(loop $l (local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 3)) (i32.const 1)))
				(br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
			(local.get $acc))
		(func (export "mix") (param $n i32) (result i64)
			(local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64) (local $g i64) (local $h i64)
			(loop $l
				(local.set $a (i64.add (local.get $a) (i64.load (i32.and (local.get $n) (i32.const 0xffff)))))
				(local.set $b (i64.xor (local.get $b) (i64.rotl (local.get $a) (i64.const 7))))
				(local.set $c (i64.add (local.get $c) (local.get $b)))
				(local.set $d (i64.mul (i64.xor (local.get $d) (local.get $c)) (i64.const 31)))
				(local.set $e (i64.add (local.get $e) (i64.shr_u (local.get $d) (i64.const 9))))
				(local.set $f (i64.sub (local.get $f) (local.get $e)))
				(local.set $g (i64.xor (local.get $g) (local.get $f)))
				(local.set $h (i64.add (local.get $h) (local.get $g)))
				(br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
			(i64.add (i64.add (i64.add (local.get $a) (local.get $b)) (i64.add (local.get $c) (local.get $d)))
				(i64.add (i64.add (local.get $e) (local.get $f)) (i64.add (local.get $g) (local.get $h)))))
		(func (export "bytes") (param $n i32) (result i32) (local $sum i32) (local $i i32)
			(loop $outer
				(local.set $i (i32.const 0))
				(loop $l
					(local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $i))))
					(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
				(br_if $outer (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 100))) (i32.const 0))))
			(local.get $sum))
		(func (export "fill") (param $n i32)
			(loop $l (memory.fill (i32.const 0) (local.get $n) (i32.const 64))
				(br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`)
	m := newMachine(b, false)
	orig, copied := m.start(b, mod.Append(nil)), m.start(b, rewrite(b, mod))
	for _, c := range []struct {
		name string
		n    uint64 // rounds or calls for an argument
		arg  uint64
	}{{"fib", 242785, 25}, {"spin", 100_000, 100_000}, {"mix", 100_000, 100_000}, {"bytes", 100_000, 100_000}, {"fill", 10_000, 10_000}} {
		for i, inst := range []string{"original", "copy"} {
			f := orig.ExportedFunction(c.name)
			if i == 1 {
				f = copied.ExportedFunction(c.name)
			}
			b.Run(c.name+"/"+inst, func(b *testing.B) {
				for b.Loop() {
					if _, err := f.Call(ctx, c.arg); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/round")
			})
		}
	}
}

// BenchmarkRewrite rewrites the module in the file that MODULE names.
func BenchmarkRewrite(b *testing.B) {
	data, err := os.ReadFile(os.Getenv("MODULE"))
	if err != nil {
		b.Skip("MODULE does not name a module")
	}
	mod := decode(b, data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := meter.Rewrite(mod, meter.Options{Module: "meter", Name: "slow"}); err != nil {
			b.Fatal(err)
		}
	}
}
