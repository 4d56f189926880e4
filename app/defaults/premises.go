package defaults

import (
	"regexp"
	"slices"
	"strings"
)

// deskRooms are the kinds of room where clients are seen and not treated.
var deskRooms = []string{"咨询室", "面诊室", "皮肤检测室"}

// RoomKinds lists the kinds of room that a house may have: those where clients are seen, then
// those that the items of the catalogue ask for.
func RoomKinds() []string {
	kinds := slices.Clone(deskRooms)
	for _, i := range Items() {
		if i.RoomKind != "" && !slices.Contains(kinds, i.RoomKind) {
			kinds = append(kinds, i.RoomKind)
		}
	}
	return kinds
}

// registered and filed are the shapes of what stands on the plate of a device: the registration
// of class II and III (place, 械注准 or 械注进 or 械注许, four digits of the year, the class, two
// of the category, four of the run) and the filing of class I.
var (
	registered = regexp.MustCompile(`^\p{Han}械注[准进许](?:19|20)\d{2}[23]\d{6}$`)
	filed      = regexp.MustCompile(`^\p{Han}{1,3}械备(?:19|20)\d{6}号?$`)
)

// DeviceRegistration brings the number on the plate of a device into one form; ok is false when
// it is neither a registration nor a filing (REG-DEV-05).
func DeviceRegistration(typed string) (number string, ok bool) {
	number = strings.Join(strings.Fields(typed), "")
	return number, registered.MatchString(number) || filed.MatchString(number)
}
