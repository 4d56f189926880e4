package lan

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/store"
)

// settingAuthority keeps the clinic's authority, sealed. It lies in the database, not beside
// it: on a new machine the restored clinic is still the one that the tablets trust.
const settingAuthority = "lan.authority"

// kept is an authority as the setting has it, both as DER.
type kept struct {
	Key  []byte `json:"key"`
	Cert []byte `json:"cert"`
}

// Office is the clinic's standing on its network.
type Office struct {
	deed.Doer
	// Violations are those of the pages' policy that browsers report.
	Violations Violations

	authority *Authority
	at        Door

	mu   sync.Mutex
	open []Invitation
}

// Door says where the clinic is reached; the server sets it once, when its doors are open.
type Door struct {
	Port  int    // of the staff's door over TLS
	Guest string // address of the guests' door, where devices learn to trust the house
}

// New makes the office.
func New(d deed.Doer) *Office { return &Office{Doer: d} }

// Open reads the clinic's authority, and makes it the first time. It is called before the
// doors open.
func (o *Office) Open(ctx context.Context, clinic string, around Surroundings) (*Authority, error) {
	var text []byte
	read := func(r *store.Read) (err error) {
		text, err = r.Secret(settingAuthority)
		return err
	}
	if err := o.DB.Read(ctx, read); err != nil {
		return nil, fault.FromStore(err, "reading the authority")
	}
	if text == nil {
		made, err := found(clinic, around.Now())
		if err != nil {
			return nil, err
		}
		if err := o.Write(ctx, access.System("lan"), access.LANFound, func(tx *store.Tx) error {
			return tx.SaveSecret(settingAuthority, made)
		}); err != nil {
			return nil, err
		}
		text = made
	}
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return nil, fmt.Errorf("the authority of the clinic: %w", err)
	}
	var err error
	o.authority, err = NewAuthority(k.Key, k.Cert, around)
	return o.authority, err
}

func found(clinic string, now time.Time) ([]byte, error) {
	key, cert, err := NewRoot(clinic, now)
	if err != nil {
		return nil, fmt.Errorf("founding the authority: %w", err)
	}
	return json.Marshal(kept{Key: key, Cert: cert})
}

// Stand says where the doors are.
func (o *Office) Stand(d Door) { o.at = d }

// Stands says where the doors are; zero while the house stands on this machine only.
func (o *Office) Stands() Door { return o.at }

// Ages are until when the certificates of the clinic live; zero for one that there is none of.
type Ages struct {
	Root time.Time // of the authority that devices trust
	Leaf time.Time // shown at the door now; made anew by itself
}

// Ages tells them, also while the door is closed.
func (o *Office) Ages(ctx context.Context) (ages Ages, err error) {
	if o.authority != nil {
		return o.authority.ages(), nil
	}
	var text []byte
	err = o.DB.Read(ctx, func(r *store.Read) (err error) {
		text, err = r.Secret(settingAuthority)
		return err
	})
	if err != nil || text == nil {
		return ages, fault.FromStore(err, "reading the authority")
	}
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return ages, fmt.Errorf("the authority of the clinic: %w", err)
	}
	a, err := NewAuthority(k.Key, k.Cert, Surroundings{})
	if err != nil {
		return ages, err
	}
	return a.ages(), nil
}

// Authority is who vouches for the house; nil while it stands on this machine only.
func (o *Office) Authority() *Authority { return o.authority }

// Connect is the page where a device learns to trust the house; "" when there is none.
func (o *Office) Connect() string {
	if o.authority == nil || o.at.Guest == "" {
		return ""
	}
	return o.at.Guest + "/connect"
}

// Reached says that a link leads to this house from another device, too: localhost leads every
// device to itself.
func Reached(link string) bool {
	at, err := url.Parse(link)
	if err != nil || at.Host == "" {
		return false
	}
	ip := net.ParseIP(at.Hostname())
	return at.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// URLs are the addresses of the staff's door on the network, the name first.
func (o *Office) URLs() (list []string) {
	if o.authority == nil {
		return nil
	}
	list = []string{o.url(Name)}
	for _, ip := range o.authority.around.Addresses() {
		if ip.To4() != nil && ip.IsPrivate() && !slices.Contains(list, o.url(ip.String())) {
			list = append(list, o.url(ip.String()))
		}
	}
	return list
}

func (o *Office) url(host string) string {
	u := url.URL{Scheme: "https", Host: host}
	if o.at.Port != 443 {
		u.Host = net.JoinHostPort(host, strconv.Itoa(o.at.Port))
	}
	return u.String()
}
