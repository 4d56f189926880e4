package target

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is a target in an S3-compatible object store. Objects appear whole or not at all.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

func openS3(at *url.URL, s Secrets) (Target, error) {
	endpoint, err := url.Parse(at.Query().Get("endpoint"))
	if err != nil || endpoint.Host == "" || at.Host == "" {
		return nil, fmt.Errorf("%w: s3://bucket/folder?endpoint=https://host", ErrAddress)
	}
	overTLS, err := secure(endpoint, at.Query().Get("plain"))
	if err != nil {
		return nil, err
	}
	line, err := newTransport(overTLS, agreedHost(at))
	if err != nil {
		return nil, err
	}
	style := minio.BucketLookupPath
	if at.Query().Get("style") == "host" { // what Aliyun OSS and Tencent COS want
		style = minio.BucketLookupDNS
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(s.Key, s.Secret, ""), Secure: overTLS, Transport: line,
		Region: at.Query().Get("region"), BucketLookup: style,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	return &bucket{client, at.Host, strings.Trim(at.Path, "/")}, nil
}

func (b *bucket) String() string { return "s3://" + path.Join(b.name, b.prefix) }

func (b *bucket) Close() error { return nil }

func (b *bucket) at(name string) string { return path.Join(b.prefix, name) }

func (b *bucket) Put(ctx context.Context, name string, size int64, data io.Reader) error {
	if err := named(name); err != nil {
		return err
	}
	_, err := b.client.PutObject(ctx, b.name, b.at(name), data, size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true})
	return away(err)
}

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := named(name); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, b.at(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, away(err)
	}
	if _, err := object.Stat(); err != nil { // the first call that goes to the server
		_ = object.Close() // nothing was read
		if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
			return nil, fmt.Errorf("%w: %s", ErrMissing, name)
		}
		return nil, away(err)
	}
	return object, nil
}

func (b *bucket) List(ctx context.Context, under string) (list []File, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when an error ends the loop
	root := b.prefix
	if root != "" {
		root += "/"
	}
	found := b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.at(under) + "/", Recursive: true})
	for object := range found {
		if object.Err != nil {
			return nil, away(object.Err)
		}
		list = append(list, File{strings.TrimPrefix(object.Key, root), object.Size})
	}
	return list, nil
}

func (b *bucket) Remove(ctx context.Context, name string) error {
	err := b.client.RemoveObject(ctx, b.name, b.at(name), minio.RemoveObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.AccessDenied {
		return fmt.Errorf("%w: %w", fs.ErrPermission, err)
	}
	return away(err)
}

// away marks errors without an answer of the server; a certificate that is not trusted is shown for
// the owner to compare.
func away(err error) error {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) && unknown.Cert != nil {
		return fmt.Errorf("%w: host=%s", ErrHost, fingerprint(unknown.Cert))
	}
	if err == nil || minio.ToErrorResponse(err).StatusCode != 0 {
		return err
	}
	return fmt.Errorf("%w: %w", ErrAway, err)
}
