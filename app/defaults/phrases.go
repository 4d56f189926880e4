package defaults

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"meixu/app/engine/phrase"
)

//go:embed phrases/banned_phrases.csv phrases/grammar.json
var phraseFiles embed.FS

// Phrases is the lexicon of words that talk and advertising must not use (REG-ADV-*,
// csv_notes.md part 3), with the grammar of negation and quoting that goes with it.
func Phrases() phrase.Lexicon {
	rows := readCSV(phraseFiles, "phrases/banned_phrases.csv")
	lexicon := phrase.Lexicon{Version: 1}
	for _, row := range rows {
		lexicon.Rules = append(lexicon.Rules, phrase.Rule{
			Pattern: row["pattern"], Category: row["category"], Severity: phrase.Severity(row["severity"]),
			Why: row["why"], Suggestion: row["suggested_alternative"], Scope: phrase.Scope(row["scope"]),
			Negative: row["negative_examples"], Positive: row["positive_example"],
		})
	}
	readJSON(phraseFiles, "phrases/grammar.json", &lexicon.Grammar)
	return lexicon
}

// readCSV reads an embedded table; each row by the names of the head line. Embedded data
// that does not parse is a fault of the build, so it panics.
func readCSV(files fs.FS, name string) []line {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		panic(err)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	lines, err := reader.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("defaults: %s: %v", name, err))
	}
	rows := make([]line, 0, len(lines))
	for _, cells := range lines[1:] {
		row := make(line, len(cells))
		for i, head := range lines[0] {
			row[head] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, row)
	}
	return rows
}

// readJSON reads an embedded file strictly: an unknown field is a spelling mistake.
func readJSON(files fs.FS, name string, into any) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		panic(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		panic(fmt.Sprintf("defaults: %s: %v", name, err))
	}
}
