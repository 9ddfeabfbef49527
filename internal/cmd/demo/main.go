// Command demo shows the provider at work: it plans, creates, changes, imports and
// destroys organizations with a real CLI, against a sandbox that it starts on this
// machine, and checks after each step what the sandbox then holds. It leaves
// nothing behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := show(ctx, os.Stdout, os.Stderr)
	if err != nil && ctx.Err() != nil {
		err = errors.New("the demo was interrupted; nothing of it is left")
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// show sets everything up, plays the demo and takes everything down again.
func show(ctx context.Context, stdout, stderr io.Writer) (err error) {
	w, err := newWorkspace(ctx, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	s, err := startSandbox(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	platform, err := logIn(ctx, s.url)
	if err != nil {
		return err
	}
	d := &demo{runner: newRunner(stdout, w, s.url), platform: platform}
	return d.play(ctx)
}
