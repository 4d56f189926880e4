package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

// records are all records; TestRecordsAreListed keeps the list whole.
var records = []record{
	&FormTemplate{}, &Answer{}, &Appointment{}, &Client{}, &Consent{}, &StockCount{},
	&DocumentTemplate{}, &Document{}, &Signature{}, &Event{}, &Rating{}, &Invoice{},
	&Item{}, &ItemPrice{}, &Lead{}, &Licence{}, &StaffRight{}, &Product{},
	&Lot{}, &LotCode{}, &LotUse{}, &Media{}, &Order{}, &OrderLine{},
	&Message{}, &ContactChoice{}, &GuestLink{}, &Payment{}, &PaymentLeg{}, &Exam{}, &Plan{},
	&PlanItem{}, &Room{}, &Device{}, &Check{}, &ContraRuling{}, &PhraseHit{},
	&Case{}, &CaseView{}, &SOPTemplate{}, &SOPRun{}, &SOPStamp{}, &Task{},
	&Treatment{}, &TreatmentNote{}, &Visit{}, &Ticket{}, &TillCount{}, &Workstation{}, &SecondFactor{},
	&ShiftKind{}, &ShiftWeek{}, &Shift{}, &Leave{}, &Swap{}, &Wait{},
	&Import{}, &Segment{}, &Tag{}, &TierChange{}, &ImportFill{}, &ImportMap{}, &Export{}, &WaitBreach{}, &BookingRequest{}, &PlatformImport{}, &PlatformRow{}, &Intake{}, &Merge{}, &Moved{},
}

func TestRecordsAreListed(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var declared, listed []string
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "table" && len(f.Type.Params.List) == 0 {
				declared = append(declared, f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
			}
		}
	}
	for _, r := range records {
		listed = append(listed, reflect.TypeOf(r).Elem().Name())
	}
	require.ElementsMatch(t, declared, listed)
}

// TestSealedColumnsFollowTheirKeys fills the columns of each record from left to right, as a
// scan does, and looks whether a sealed column already knows its row and its client when
// its turn comes, and stands under its own name and table.
func TestSealedColumnsFollowTheirKeys(t *testing.T) {
	t.Parallel()
	for _, rec := range records {
		fields, names := rec.fields(&Read{}), strings.Split(strings.ReplaceAll(rec.columns(), " ", ""), ",")
		require.Len(t, fields, len(names), rec.table())
		require.Equal(t, []string{"id", "version", "created_at", "updated_at"}, names[:4], rec.table())
		type seen struct {
			*sealedField
			at     string
			id     int64
			client term.ClientID
		}
		var all []seen
		for i, f := range fields {
			var s *sealedField
			switch f := f.(type) {
			case *sealedField:
				s = f
			case *sealedJSON:
				s = &f.sealedField
			case interface{ Scan(any) error }:
				if reflect.TypeOf(f).Name() != "" && strings.HasPrefix(reflect.TypeOf(f).Name(), "opt[") {
					require.NoError(t, f.Scan(int64(7)))
				}
				continue
			default:
				if v := reflect.ValueOf(f).Elem(); v.Kind() == reflect.Int64 && strings.HasSuffix(v.Type().Name(), "ID") {
					v.SetInt(7)
				}
				continue
			}
			require.Equal(t, rec.table(), s.table)
			require.Equal(t, names[i], s.column)
			all = append(all, seen{s, names[i], s.id(), s.client()})
		}
		for _, s := range all {
			assert.Equal(t, s.id, s.sealedField.id(), "%s.%s is read before its id", rec.table(), s.at)
			assert.Equal(t, s.client, s.sealedField.client(), "%s.%s is read before its client is known: put the client column first", rec.table(), s.at)
		}
	}
}
