package guardai

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/semaphore"
)

// keyedLocks is a set of read-write locks, one for each key.
type keyedLocks[K comparable] struct{ locks sync.Map }

const (
	shared    = 1
	exclusive = math.MaxInt64
)

// acquire locks key in the shared or exclusive mode. It gives up when ctx is done.
func (l *keyedLocks[K]) acquire(ctx context.Context, key K, mode int64) (release func(), err error) {
	held, _ := l.locks.LoadOrStore(key, semaphore.NewWeighted(exclusive))
	lock, _ := held.(*semaphore.Weighted)
	if err := lock.Acquire(ctx, mode); err != nil {
		return nil, err
	}
	return func() { lock.Release(mode) }, nil
}

// organizationLocks serializes writes to an organization's settings: an update reads the settings and writes them back,
// so a file uploaded in between would lose its entry in them.
//
// Terraform and OpenTofu run one process for each configuration of a provider, so two aliases for the same platform
// don't share memory. Each lock is therefore also a file lock, if the machine supports it.
type organizationLocks struct {
	inProcess keyedLocks[int64]
	// folder holds the lock files; empty if it can't be created.
	folder string
	// offset is a hash of the host. It spreads the organizations of several platforms over the lock files.
	offset int64
}

const (
	// maxLockFiles limits the lock files of all platforms together. Organizations that share one may wait a little longer.
	maxLockFiles = 1024
	// lockPollInterval is how often to retry a file lock that another process holds.
	lockPollInterval = 20 * time.Millisecond
)

func newOrganizationLocks(host string) *organizationLocks {
	cache, err := os.UserCacheDir()
	if err != nil {
		return &organizationLocks{}
	}
	folder := filepath.Join(cache, "terraform-provider-guardai", "locks")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return &organizationLocks{}
	}
	sum := fnv.New32a()
	// Two configurations may spell the host differently.
	_, _ = sum.Write([]byte(strings.ToLower(strings.TrimRight(host, "/"))))
	return &organizationLocks{folder: folder, offset: int64(sum.Sum32() % maxLockFiles)}
}

// acquire is keyedLocks.acquire for the id of an organization.
func (l *organizationLocks) acquire(ctx context.Context, id, mode int64) (release func(), err error) {
	unlock, err := l.inProcess.acquire(ctx, id, mode)
	if err != nil || l.folder == "" {
		return unlock, err
	}
	file := flock.New(filepath.Join(l.folder, fmt.Sprintf("%d.lock", (l.offset+id%maxLockFiles)%maxLockFiles)))
	lock := file.TryRLockContext
	if mode == exclusive {
		lock = file.TryLockContext
	}
	if _, err := lock(ctx, lockPollInterval); err != nil && ctx.Err() != nil {
		unlock()
		return nil, err
	}
	return func() {
		_ = file.Close()
		unlock()
	}, nil
}
