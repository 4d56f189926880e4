package backup

import (
	"context"
	"encoding/json"
	"hash"
	"sync"

	"golang.org/x/sync/errgroup"
)

const (
	pieceSize = 256 << 10 // of the database: small enough that one change sends little
	photoSize = 4 << 20   // of media files, which never change
	senders   = 4         // blobs on their way at one time: hides the way to the server
)

// sender stores blobs that the target does not hold yet, a few at a time.
type sender struct {
	vault *vault
	group *errgroup.Group
	ctx   context.Context //nolint:containedctx // lives as long as one backup
	quick bool            // an increment

	mu       sync.Mutex
	known    map[string]bool
	new      []string
	bytes    int64
	done     int64
	all      int64
	progress Progress
}

func (v *vault) sender(ctx context.Context, known map[string]bool, how How) *sender {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	return &sender{vault: v, group: group, ctx: ctx, known: known, progress: how.Progress, quick: how.Quick}
}

// expect sets the estimate of all bytes.
func (s *sender) expect(all int64) { s.all = all }

// passed counts bytes as dealt with.
func (s *sender) passed(n int64) {
	s.mu.Lock()
	s.done += n
	s.all = max(s.all, s.done)
	done, all := s.done, s.all
	s.mu.Unlock()
	if s.progress != nil {
		s.progress(done, all)
	}
}

// send stores a blob unless it is there, and gives its name. The bytes are the sender's
// from now on.
func (s *sender) send(plain []byte) (id string, err error) {
	if err := s.ctx.Err(); err != nil {
		return "", err
	}
	id = s.vault.nameOf(plain)
	s.mu.Lock()
	had := s.known[id]
	if !had {
		s.known[id] = true
		s.new = append(s.new, id)
		s.bytes += int64(len(plain))
	}
	s.mu.Unlock()
	if !had {
		s.group.Go(func() error { return s.vault.put(s.ctx, id, plain) })
	}
	return id, nil
}

// sendList stores a list as a blob.
func (s *sender) sendList(list any) (id string, err error) {
	text, err := json.Marshal(list)
	if err != nil {
		return "", err
	}
	return s.send(text)
}

// wait waits until everything is stored.
func (s *sender) wait() error { return s.group.Wait() }

func (s *sender) sent() int64 { return s.bytes }

func (s *sender) fresh() []string { return s.new }

// pieces cuts what is written into blobs of equal length.
type pieces struct {
	to   *sender
	hash hash.Hash
	rest []byte
	ids  []string
	size int64
}

func (p *pieces) Write(data []byte) (int, error) {
	p.hash.Write(data)
	p.size += int64(len(data))
	for left := data; len(left) > 0; {
		if p.rest == nil {
			p.rest = make([]byte, 0, pieceSize)
		}
		n := min(pieceSize-len(p.rest), len(left))
		p.rest, left = append(p.rest, left[:n]...), left[n:]
		if len(p.rest) == pieceSize {
			if err := p.end(); err != nil {
				return 0, err
			}
		}
	}
	return len(data), nil
}

// end sends what is left over.
func (p *pieces) end() error {
	if len(p.rest) == 0 {
		return nil
	}
	id, err := p.to.send(p.rest)
	if err != nil {
		return err
	}
	p.to.passed(int64(len(p.rest)))
	p.ids, p.rest = append(p.ids, id), nil
	return nil
}
