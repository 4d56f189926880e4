package keeping

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/backup/target"
)

func TestSecretsGoOnlyToTheirOwnAccount(t *testing.T) {
	t.Parallel()
	const had = "sftp://owner@nas.example:22/a?host=SHA256:x"
	for now, same := range map[string]bool{
		had: true, "sftp://owner@NAS.example:22/b?host=SHA256:y": true,
		"sftp://owner@evil.example:22/a": false, "sftp://root@nas.example:22/a": false, "sftp://owner@nas.example:2222/a": false,
		"s3://nas.example/a?endpoint=https://x": false, "/mnt/usb": false,
	} {
		require.Equal(t, same, sameHost(had, now), now)
	}
	const bucket = "s3://box/a?endpoint=https://s3.example"
	require.True(t, sameHost(bucket, "s3://box/b?endpoint=https://s3.example"))
	require.False(t, sameHost(bucket, "s3://box/a?endpoint=https://evil.example"))
	require.False(t, sameHost(bucket, "s3://box/a?endpoint=http://s3.example"))
}

func TestAFailedTryIsLoggedWithoutSecrets(t *testing.T) { //nolint:paralleltest // the log belongs to the whole program
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(before)
	p := Place{Address: "sftp://owner:inline@nas.example/a", Secrets: target.Secrets{Password: "geheim", Secret: "wort"}}
	logTrouble(p, errors.New("disk quota of inline geheim wort"))
	require.Contains(t, out.String(), "disk quota")
	for _, secret := range []string{"inline", "geheim", "wort"} {
		require.NotContains(t, out.String(), secret)
	}
}
