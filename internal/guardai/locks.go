package guardai

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/semaphore"
)

// keyedLocks are locks with any number of shared holders or one exclusive holder, one for each key.
type keyedLocks[K comparable] struct{ locks sync.Map }

const (
	shared    = 1
	exclusive = math.MaxInt64
)

// acquire waits until nobody else holds the key exclusively, or for exclusive at all. The returned function ends the
// hold.
func (l *keyedLocks[K]) acquire(ctx context.Context, key K, hold int64) (release func(), err error) {
	held, _ := l.locks.LoadOrStore(key, semaphore.NewWeighted(exclusive))
	lock, _ := held.(*semaphore.Weighted)
	if err := lock.Acquire(ctx, hold); err != nil {
		return nil, err
	}
	return func() { lock.Release(hold) }, nil
}

// organizationLocks keep writes to an organization's settings apart from everything else that changes them: an update
// reads the settings and writes them back, and a file that is uploaded in between would lose its entry.
//
// Terraform and OpenTofu run a process for each configuration of a provider, so that two aliases for one platform
// don't share memory: each lock is a file lock too. A machine that has none goes without.
type organizationLocks struct {
	within keyedLocks[int64]
	// folder holds the lock files, empty where there can be none.
	folder string
	// first is the number of the lock file of the platform's organization 0.
	first int64
}

const (
	// lockFiles bounds the files of all platforms. Organizations that share one only wait a little longer.
	lockFiles = 1024
	// lockPoll is how often a file lock that another process holds is tried again.
	lockPoll = 20 * time.Millisecond
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
	_, _ = sum.Write([]byte(host))
	return &organizationLocks{folder: folder, first: int64(sum.Sum32() % lockFiles)}
}

// acquire is keyedLocks.acquire for an organization's id.
func (l *organizationLocks) acquire(ctx context.Context, id, hold int64) (release func(), err error) {
	leave, err := l.within.acquire(ctx, id, hold)
	if err != nil || l.folder == "" {
		return leave, err
	}
	file := flock.New(filepath.Join(l.folder, fmt.Sprintf("%d.lock", (l.first+id%lockFiles)%lockFiles)))
	lock := file.TryRLockContext
	if hold == exclusive {
		lock = file.TryLockContext
	}
	if _, err := lock(ctx, lockPoll); err != nil && ctx.Err() != nil {
		leave()
		return nil, err
	}
	return func() {
		_ = file.Close()
		leave()
	}, nil
}
