package rcb

// The header is beside this folder in the sources, and in PREFIX/include where the SDK is installed.

// #cgo CFLAGS: -I${SRCDIR}/../include -I${SRCDIR}/../../../../include
// #cgo LDFLAGS: ${SRCDIR}/librcb-exports.so
// #include <rcb/provider_abi.h>
// #include <stdlib.h>
import "C"

import "unsafe"

// Entry is the address of the module's entry function, for rcbtest.
func Entry() unsafe.Pointer { return unsafe.Pointer(C.rcb_provider_entry_v1) }

// rcbGoDescribe fills in the table. It is in memory of C that is never freed, as long as the process.
//
//export rcbGoDescribe
func rcbGoDescribe(table *C.rcb_provider) {
	table.size = C.sizeof_rcb_provider
	table.abi_minor = C.RCB_ABI_MINOR
	table.name = newText(registered.Name)
	table.version = newText(registered.Version)
	table.summary = newText(registered.Summary)
	setFlag(&table.traits, registered.NeedsToken, C.RCB_TRAIT_NEEDS_TOKEN)
	setFlag(&table.traits, registered.ReturnsToken, C.RCB_TRAIT_RETURNS_TOKEN)
	setFlag(&table.traits, registered.ContactsRegistry, C.RCB_TRAIT_CONTACTS_REGISTRY)
	table.settings, table.setting_count = newSettings(registered.Settings)
	table.relations, table.relation_count = newRelations(registered.Relations)
	table.hosts, table.host_count = newTexts(registered.Hosts)
}

func newSettings(settings []Setting) (*C.rcb_setting, C.size_t) {
	if len(settings) == 0 {
		return nil, 0
	}
	first := (*C.rcb_setting)(C.calloc(C.size_t(len(settings)), C.sizeof_rcb_setting))
	for i, raw := 0, unsafe.Slice(first, len(settings)); i < len(raw); i++ {
		setting := settings[i]
		raw[i].size = C.sizeof_rcb_setting
		raw[i]._type = C.uint32_t(setting.Type)
		setFlag(&raw[i].flags, setting.Required, C.RCB_SETTING_REQUIRED)
		setFlag(&raw[i].flags, setting.Annotatable, C.RCB_SETTING_ANNOTATION)
		setFlag(&raw[i].flags, setting.List, C.RCB_SETTING_LIST)
		setFlag(&raw[i].flags, setting.Secret, C.RCB_SETTING_SECRET)
		raw[i].name = newText(setting.Name)
		raw[i].default_value = newText(setting.Default)
		raw[i].pattern = newText(setting.Pattern)
		raw[i].summary = newText(setting.Summary)
		raw[i].choices, raw[i].choice_count = newTexts(setting.Choices)
	}
	return first, C.size_t(len(settings))
}

func newRelations(relations []Relation) (*C.rcb_relation, C.size_t) {
	if len(relations) == 0 {
		return nil, 0
	}
	first := (*C.rcb_relation)(C.calloc(C.size_t(len(relations)), C.sizeof_rcb_relation))
	for i, raw := 0, unsafe.Slice(first, len(relations)); i < len(raw); i++ {
		raw[i].size = C.sizeof_rcb_relation
		raw[i].kind = C.uint32_t(relations[i].Kind)
		raw[i].names, raw[i].name_count = newTexts(relations[i].Names)
	}
	return first, C.size_t(len(relations))
}

func newTexts(strings []string) (*C.rcb_text, C.size_t) {
	if len(strings) == 0 {
		return nil, 0
	}
	first := (*C.rcb_text)(C.calloc(C.size_t(len(strings)), C.sizeof_rcb_text))
	for i, raw := 0, unsafe.Slice(first, len(strings)); i < len(raw); i++ {
		raw[i] = newText(strings[i])
	}
	return first, C.size_t(len(strings))
}

func newText(text string) C.rcb_text {
	return C.rcb_text{data: C.CString(text), size: C.size_t(len(text))}
}

func setFlag(flags *C.uint32_t, set bool, flag C.uint32_t) {
	if set {
		*flags |= flag
	}
}
