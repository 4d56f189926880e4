package gates_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/seal"
)

// strong is what may be used of packages that choose a method: 128 bits of strength and more,
// authenticated encryption only, no padding of old.
var strong = map[string][]string{
	"crypto/aes": {"NewCipher"}, "crypto/cipher": {"AEAD", "NewGCM"}, "crypto/hmac": {"New", "Equal"},
	"crypto/ecdsa": {"GenerateKey", "PrivateKey"}, "crypto/elliptic": {"P256"},
	"crypto/ed25519":             {"NewKeyFromSeed", "PrivateKey", "PublicKey", "Sign", "Verify"},
	"golang.org/x/crypto/argon2": {"IDKey", "Version"},
	// What both sides agree on; the key of the host is pinned, so nothing that takes any.
	"golang.org/x/crypto/ssh": {
		"AuthMethod", "Client", "ClientConfig", "Dial", "FingerprintSHA256", "NewClient", "NewClientConn", "ParsePrivateKey",
		"ParsePrivateKeyWithPassphrase", "Password", "PassphraseMissingError", "PublicKey", "PublicKeys", "Signer",
	},
	"filippo.io/age":              {"Decrypt", "Encrypt", "GenerateX25519Identity", "Identity", "ParseX25519Identity", "ParseX25519Recipient", "Recipient", "X25519Identity", "X25519Recipient"},
	"github.com/pquerna/otp":      {"AlgorithmSHA1", "DigitsSix"}, // inside HMAC, as phones' apps want it
	"github.com/pquerna/otp/totp": {"Generate", "GenerateOpts"},
	"github.com/pquerna/otp/hotp": {"ValidateCustom", "ValidateOpts"},
}

// neutral choose no method, or one that is listed by its name alone; fnv keeps no secret.
var neutral = []string{"crypto", "crypto/rand", "crypto/sha256", "crypto/subtle", "crypto/tls", "crypto/x509", "crypto/x509/pkix", "hash/fnv"}

// weak names what a file uses that is not among the strong.
func weak(t *testing.T, file *ast.File) (found []string) {
	t.Helper()
	packages := map[string]string{}
	for _, i := range file.Imports {
		full, err := strconv.Unquote(i.Path.Value)
		require.NoError(t, err)
		name := path.Base(full)
		if i.Name != nil {
			name = i.Name.Name
		}
		if _, known := strong[full]; isCrypto.MatchString(full) && !slices.Contains(neutral, full) {
			if !known {
				found = append(found, full)
				continue
			}
			packages[name] = full
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && said(call.Fun) == "hmac.New" && said(call.Args[0]) != "sha256.New" {
			found = append(found, "hmac.New("+said(call.Args[0])+")")
		}
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, ok := s.X.(*ast.Ident)
		if ok && packages[from.Name] != "" && !slices.Contains(strong[packages[from.Name]], s.Sel.Name) {
			found = append(found, said(s))
		}
		return true
	})
	return found
}

// said is a name of a package as it stands in the code.
func said(e ast.Expr) string {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	from, _ := s.X.(*ast.Ident)
	if from == nil {
		return ""
	}
	return from.Name + "." + s.Sel.Name
}

// TestEveryMethodIsStrong reads the program: every cipher is AES-GCM or that of age, every keyed
// hash HMAC-SHA-256, every signature Ed25519 or ECDSA P-256, every password argon2id, every chance
// crypto/rand; and a key of less than 256 bits is refused (ASVS 11.2.3, 11.3.1, 11.4.1, 11.4.3, 11.5.1).
func TestEveryMethodIsStrong(t *testing.T) {
	t.Parallel()
	files := 0
	sources(t, func(folder, where string, text []byte) {
		file, err := parser.ParseFile(gotoken.NewFileSet(), where, text, parser.SkipObjectResolution)
		require.NoError(t, err)
		files++
		for _, what := range weak(t, file) {
			require.True(t, folder == "app/demo" && what == "math/rand/v2", "%s uses %s", where, what) // people of a clinic that is none
		}
	})
	require.Greater(t, files, 500)
	control, err := parser.ParseFile(gotoken.NewFileSet(), "x.go", `package x
import ("crypto/cipher"; "crypto/hmac"; "crypto/sha512"; h "crypto/sha1"; "crypto/rsa"; "math/rand"; a "golang.org/x/crypto/argon2")
var _ = cipher.NewCBCEncrypter; var _ = hmac.New(h.New, nil); var _ = a.Key; var _ = rsa.EncryptPKCS1v15; var _ = rand.Int; var _ = sha512.New`, parser.SkipObjectResolution)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"crypto/sha512", "crypto/sha1", "crypto/rsa", "math/rand", "cipher.NewCBCEncrypter", "hmac.New(h.New)", "a.Key",
	}, weak(t, control), "the test sees what it looks for")
	require.Equal(t, 32, seal.KeySize)
	for _, short := range []int{0, 16, 31, 33} {
		_, err := seal.NewKey(1, make([]byte, short))
		require.Error(t, err, "%d bytes", short)
	}
}
