package backup

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"meixu/store"
)

// anchorFolder keeps the anchors of the trail on a target, one file a day: a file of a day that
// has passed is never written again.
const anchorFolder = "anchors"

// anchorLimit is the longest file of anchors that is read.
const anchorLimit = 1 << 20

// KeepAnchors stores the anchors of the newest day of a log on a place.
func KeepAnchors(ctx context.Context, s Source, p Place, log store.AnchorLog) (err error) {
	if len(log.Lines) == 0 {
		return nil
	}
	day := log.Lines[len(log.Lines)-1].At.Day(s.Zone)
	log.Lines = slices.DeleteFunc(slices.Clone(log.Lines), func(l store.AnchorLine) bool { return l.At.Day(s.Zone) != day })
	text, err := log.Text()
	if err != nil {
		return err
	}
	v, err := open(ctx, s, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	return v.at.Put(ctx, path.Join(anchorFolder, string(day)+".jsonl"), int64(len(text)), bytes.NewReader(text))
}

// Anchors reads what a place knows of the end of the trail: the newest backup, and the newest
// file of anchors. A place with neither knows nothing.
func Anchors(ctx context.Context, s Source, p Place) (all []store.Anchor, err error) {
	p.read = true
	v, err := open(ctx, s, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	last, err := v.last(ctx)
	if err != nil {
		return nil, err
	}
	if last != nil {
		last.Anchor.At = last.At
		all = append(all, last.Anchor)
	}
	lines, err := v.newestAnchors(ctx, s)
	return append(all, lines...), err
}

func (v *vault) newestAnchors(ctx context.Context, s Source) (all []store.Anchor, err error) {
	files, err := v.at.List(ctx, anchorFolder)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	newest := ""
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".jsonl") {
			newest = max(newest, f.Name)
		}
	}
	if newest == "" {
		return nil, nil
	}
	in, err := v.at.Get(ctx, newest)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(in, anchorLimit))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	log, err := store.ParseAnchors(text, s.Keys)
	for _, l := range log.Lines {
		all = append(all, l.Anchor)
	}
	return all, err
}
