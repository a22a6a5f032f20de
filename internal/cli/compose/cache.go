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

// cachedEngine returns an engine with the cache. If the default cache cannot be used, or others can
// write to the cache, it returns an engine without one; a folder given with --cache-dir that cannot
// be used is an error.
func (o *runOptions) cachedEngine(ctx context.Context, opts runner.Options) (*runner.Engine, error) {
	eng, _, err := o.openEngine(ctx, opts)
	return eng, err
}

// openEngine is cachedEngine. It also returns the folder of the cache, or "" for none.
func (o *runOptions) openEngine(ctx context.Context, opts runner.Options) (*runner.Engine, string, error) {
	opts.CacheDir = o.cache()
	eng, err := runner.NewEngine(ctx, opts)
	if err == nil || opts.CacheDir == "" {
		return eng, opts.CacheDir, err
	}
	var unsafe *runner.UnsafeCacheError
	switch {
	case errors.As(err, &unsafe):
		w := diag.Warningf(diag.Span{}, CodeCache, "compiled code is not kept: `%s` %s", unsafe.Dir, unsafe.Reason).
			Helpf("%s; or turn off the cache with --no-cache", unsafe.Remedy)
		if err := o.std.Report(w, diag.Text); err != nil {
			return nil, "", err
		}
	case o.cacheDir != "":
		d := diag.Errorf(diag.Span{}, CodeCache, "--cache-dir: cannot use `%s`: %s", o.cacheDir, cli.Reason(err))
		d.Cause = err
		return nil, "", d
	}
	opts.CacheDir = ""
	eng, err = runner.NewEngine(ctx, opts)
	return eng, "", err
}
