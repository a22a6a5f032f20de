package compose

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/runner"
)

// cache returns the folder for compiled code, or "" for none.
func (o *runOptions) cache() string {
	if o.noCache || o.interpret {
		return ""
	}
	if o.cacheDir != "" {
		return o.cacheDir
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "mortise", "code")
}

// cachedEngine makes an engine with the cache, or without if the cache cannot be used: a cache that
// nobody asked for must not stand in the way.
func (o *runOptions) cachedEngine(ctx context.Context, opts runner.Options) (*runner.Engine, error) {
	opts.CacheDir = o.cache()
	eng, err := runner.NewEngine(ctx, opts)
	if err == nil || opts.CacheDir == "" {
		return eng, err
	}
	var unsafe *runner.UnsafeCacheError
	switch {
	case errors.As(err, &unsafe):
		w := diag.Warningf(diag.Span{}, CodeCache, "no compiled code is kept: `%s` %s", unsafe.Dir, unsafe.Reason).
			Helpf("%s; or keep no code, with --no-cache", unsafe.Remedy)
		if err := o.std.Report(w, diag.Text); err != nil {
			return nil, err
		}
	case o.cacheDir != "":
		d := diag.Errorf(diag.Span{}, CodeCache, "--cache-dir: cannot use `%s`: %s", o.cacheDir, cli.Reason(err))
		d.Cause = err
		return nil, d
	}
	opts.CacheDir = ""
	return runner.NewEngine(ctx, opts)
}
