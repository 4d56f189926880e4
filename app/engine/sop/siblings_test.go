package sop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
	"meixu/store"
)

// pair is a visit with two items: number 7 is operated, number 9 was not begun.
func pair(t *testing.T) *sheet {
	t.Helper()
	sh := sheetOf(t, toxin, append(beforePreop, "S1-02", "S3-03", "S3-04", "S4-01", "S4-02", "S4-03", "S4-05", "S4-07", "S4-08", "S4-10", "S4-11", "S5-01", "S5-02")...)
	sh.facts.Treatments[0].Name = "眉间纹"
	sh.facts.Treatments = append(sh.facts.Treatments[:1:1], Treated{ID: 9, Name: "光子", Kind: "hair_removal"})
	return sh
}

func stagesOf(sh *sheet) map[string]StepperStage {
	list := map[string]StepperStage{}
	for _, s := range sh.line(noon, words.ZH).Stages {
		list[s.ID] = s
	}
	return list
}

// A sibling that was not begun blocks no stage; the line says which item lacks how much.
func TestASiblingNotBegunBlocksNoStage(t *testing.T) {
	t.Parallel()
	at := stagesOf(pair(t))
	require.Equal(t, "now", at["S4"].State)
	require.Contains(t, at["S4"].Note, "光子 缺 ")
	require.NotContains(t, at["S4"].Note, "眉间纹")
	require.Equal(t, "now", at["S5"].State)
	require.Contains(t, at["S5"].Note, "眉间纹 缺 ")

	past := pair(t)
	delete(past.marks, cell{"S4-05", 7})
	require.Equal(t, "blocked", stagesOf(past)["S4"].State, "what was passed over blocks")
	alone := sheetOf(t, toxin, beforePreop...)
	require.Empty(t, stagesOf(alone)["S4"].Note)
}

// What is skipped a day later makes a stage no longer.
func TestASkipTakesNoTime(t *testing.T) {
	t.Parallel()
	sh := pair(t)
	before := stagesOf(sh)["S3"].Minutes
	sh.marks[cell{"S3-08", 0}] = mark{State: store.StampSkipped, DoneAt: noon.Add(24 * time.Hour)}
	sh.now = noon.Add(24 * time.Hour)
	require.Equal(t, before, stagesOf(sh)["S3"].Minutes)
	require.Equal(t, "done", stagesOf(sh)["S3"].State)
}
