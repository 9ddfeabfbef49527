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
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/semaphore"
)

// keyedLocks is a set of read-write locks, one for each key. Unlike those of sync.RWMutex, a wait ends with its context.
type keyedLocks[K comparable] struct {
	mu    sync.Mutex
	locks map[K]*semaphore.Weighted
}

// wholeLock is the weight of a writer's lock. A reader's has the weight 1.
const wholeLock = math.MaxInt64

// Lock locks key for one writer.
func (l *keyedLocks[K]) Lock(ctx context.Context, key K) (unlock func(), err error) {
	return l.acquire(ctx, key, wholeLock)
}

// RLock locks key for readers.
func (l *keyedLocks[K]) RLock(ctx context.Context, key K) (unlock func(), err error) {
	return l.acquire(ctx, key, 1)
}

func (l *keyedLocks[K]) acquire(ctx context.Context, key K, weight int64) (unlock func(), err error) {
	lock := l.lock(key)
	if err := lock.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { lock.Release(weight) }, nil
}

// lock returns the lock of key.
func (l *keyedLocks[K]) lock(key K) *semaphore.Weighted {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock := l.locks[key]
	if lock == nil {
		if l.locks == nil {
			l.locks = map[K]*semaphore.Weighted{}
		}
		lock = semaphore.NewWeighted(wholeLock)
		l.locks[key] = lock
	}
	return lock
}

// objectLocks serializes writes to the objects of one kind, by id. An update of an organization, for example, reads the
// settings and writes them back, so a file uploaded in between would lose its entry in them.
//
// Terraform and OpenTofu run one process for each configuration of a provider, so two aliases for the same platform
// don't share memory. Each lock is therefore also a file lock, if the machine supports it.
type objectLocks struct {
	inProcess keyedLocks[int64]
	// folder holds the lock files. Their names begin with kind, so that a caller may hold locks of two kinds.
	folder, kind string
	// offset is a hash of the host. It spreads the objects of several platforms over the lock files.
	offset int64
}

const (
	// maxLockFiles limits the lock files of one kind for all platforms together. Objects that share one may wait a little longer.
	maxLockFiles = 1024
	// lockPollInterval is how often to retry a file lock that another process holds.
	lockPollInterval = 20 * time.Millisecond
)

func newObjectLocks(host, kind string) *objectLocks {
	sum := fnv.New32a()
	// Two configurations may spell the host differently.
	_, _ = sum.Write([]byte(strings.ToLower(strings.TrimRight(host, "/"))))
	return &objectLocks{folder: lockFolder(), kind: kind, offset: int64(sum.Sum32() % maxLockFiles)}
}

// lockFolder creates and returns the folder for lock files: in the user's cache or, without one, in the temporary
// folder.
func lockFolder() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("terraform-provider-guardai-%d", os.Getuid()))
	}
	folder := filepath.Join(base, "terraform-provider-guardai", "locks")
	// If this fails, locking a file reports it.
	_ = os.MkdirAll(folder, 0o700)
	return folder
}

// Lock locks an object for one writer.
func (l *objectLocks) Lock(ctx context.Context, id int64) (unlock func(), err error) {
	unlock, err = l.inProcess.Lock(ctx, id)
	return l.withFile(ctx, id, (*flock.Flock).TryLockContext, unlock, err)
}

// RLock locks an object for writers that don't conflict with each other, such as those of an organization's files.
func (l *objectLocks) RLock(ctx context.Context, id int64) (unlock func(), err error) {
	unlock, err = l.inProcess.RLock(ctx, id)
	return l.withFile(ctx, id, (*flock.Flock).TryRLockContext, unlock, err)
}

// withFile adds the lock of a file to one in this process. If the file can't be locked, only the lock in this process
// holds.
func (l *objectLocks) withFile(ctx context.Context, id int64, lock func(*flock.Flock, context.Context, time.Duration) (bool, error), unlock func(), err error) (func(), error) {
	if err != nil {
		return nil, err
	}
	file := flock.New(filepath.Join(l.folder, fmt.Sprintf("%s-%d.lock", l.kind, (l.offset+id%maxLockFiles)%maxLockFiles)))
	if _, err := lock(file, ctx, lockPollInterval); err != nil {
		if ctx.Err() != nil {
			unlock()
			return nil, err
		}
		tflog.Warn(ctx, "A lock file can't be used, so another configuration of this provider may write to the same object at the same time", map[string]any{"error": err.Error()})
	}
	return func() {
		_ = file.Close()
		unlock()
	}, nil
}
