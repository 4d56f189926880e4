package gates_test

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/admin"
	"meixu/backup"
	"meixu/store/seal"
	"meixu/ui/uitest"
)

// isCrypto tells the imports that the inventory must name: those that keep a secret, and those
// that look as if they did.
var isCrypto = regexp.MustCompile(`^(crypto(/.*)?|hash/.*|math/rand(/.*)?|golang\.org/x/crypto/.*|filippo\.io/.*|github\.com/pquerna/.*)$`)

var (
	derives  = regexp.MustCompile(`\.Derive\(("[^"]+"|\w+)\)`)
	constant = regexp.MustCompile(`(?m)^\s*(?:const )?(\w+)\s*= ("[^"]+")`)
)

// cryptography is testdata/crypto.csv by kind and name.
func cryptography(t *testing.T) map[string]map[string][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "crypto.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"kind", "name", "algorithm", "where", "holder", "life", "turning", "next"}, rows[0])
	kinds := map[string]map[string][]string{"key": {}, "header": {}, "package": {}}
	for _, row := range rows[1:] {
		kind := kinds[row[0]]
		require.NotNil(t, kind, row)
		require.NotContains(t, kind, row[1], "twice")
		full := map[string]int{"key": 8, "header": 4, "package": 4}[row[0]]
		require.NotContains(t, row[:full], "", row)
		kind[row[1]] = row
	}
	return kinds
}

// sources gives each file of the program itself, without its tests.
func sources(t *testing.T, see func(folder, path string, text []byte)) {
	t.Helper()
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", "storetest", "targettest", "uitest", ".git", ".tools"}, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		folder, _ := filepath.Rel(root, filepath.Dir(path))
		see(filepath.ToSlash(folder), path, text)
		return err
	}))
}

// TestEveryKeyAndMethodIsListed: testdata/crypto.csv names each package of cryptography with the
// folders that use it, each class of keys and each use of a derived one; nothing is used that is
// not listed, and nothing listed that is not used (ASVS 11.1.2).
func TestEveryKeyAndMethodIsListed(t *testing.T) {
	t.Parallel()
	listed := cryptography(t)
	used, uses, constants := map[string][]string{}, map[string]bool{}, map[string]string{}
	sources(t, func(folder, path string, text []byte) {
		file, err := parser.ParseFile(gotoken.NewFileSet(), path, text, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			if isCrypto.MatchString(name) && !slices.Contains(used[name], folder) {
				used[name] = append(used[name], folder)
			}
		}
		for _, m := range constant.FindAllSubmatch(text, -1) {
			constants[string(m[1])] = string(m[2])
		}
		for _, m := range derives.FindAllSubmatch(text, -1) {
			uses[string(m[1])] = true
		}
	})
	for name, folders := range used {
		require.Contains(t, listed["package"], name, "used in %s", folders)
		require.ElementsMatch(t, folders, strings.Fields(listed["package"][name][3]), name)
	}
	require.Len(t, listed["package"], len(used), "what is listed is used")
	var keys []string
	for _, class := range seal.Classes {
		keys = append(keys, "class:"+string(class))
	}
	for use := range uses {
		if text := constants[use]; text != "" {
			use = text
		}
		text, err := strconv.Unquote(use)
		require.NoError(t, err, "the use %s is no word of its own", use)
		keys = append(keys, "derived:"+text)
	}
	require.Greater(t, len(keys), len(seal.Classes)+5)
	var have []string
	for name := range listed["key"] {
		if strings.HasPrefix(name, "class:") || strings.HasPrefix(name, "derived:") {
			have = append(have, name)
		}
	}
	require.ElementsMatch(t, keys, have)
}

// TestEveryHeaderNamesItsMethod: what is sealed, hashed or signed begins as the inventory says, so
// that a later method can stand beside it (ASVS 11.1.4).
func TestEveryHeaderNamesItsMethod(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey(1, seal.Random(seal.KeySize))
	require.NoError(t, err)
	var stream bytes.Buffer
	_, err = key.SealStream("x", &stream, strings.NewReader("text"))
	require.NoError(t, err)
	dir := t.TempDir()
	ring, _, err := seal.Create(dir)
	require.NoError(t, err)
	write, err := ring.Dress(dir, "a passphrase of five words")
	require.NoError(t, err)
	require.NoError(t, write())
	password, err := admin.PracticeHash(t.Context(), "demo-meixu")
	require.NoError(t, err)
	site := uitest.New(t)
	place := t.TempDir()
	_, err = backup.Make(t.Context(), backup.SourceOf(site.App.DB), backup.Place{Address: place}, backup.How{})
	require.NoError(t, err)

	made := map[string][]byte{
		"envelope": []byte(hex.EncodeToString(key.Seal("x", []byte("text")))), "stream": []byte(hex.EncodeToString(stream.Bytes())),
		"recovery": compact(t, filepath.Join(dir, seal.Folder, seal.RecoveryFile)), "key file": compact(t, filepath.Join(dir, seal.Folder, seal.KEKFile)),
		"password": []byte(password), "backup blob": anyFile(t, filepath.Join(place, "blobs")), "manifest": anyFile(t, filepath.Join(place, "manifests")),
	}
	listed := cryptography(t)["header"]
	require.Len(t, listed, len(made))
	for name, text := range made {
		require.Contains(t, listed, name)
		require.True(t, bytes.HasPrefix(text, []byte(listed[name][3])), "%s begins with %.60q", name, text)
		require.NotEmpty(t, listed[name][7], "%s has no plan", name)
	}
}

func compact(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return regexp.MustCompile(`\s`).ReplaceAll(text, nil)
}

// anyFile reads a file below a folder.
func anyFile(t *testing.T, folder string) (text []byte) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && text == nil {
			text, err = os.ReadFile(path)
		}
		return err
	}))
	require.NotEmpty(t, text)
	return text
}
