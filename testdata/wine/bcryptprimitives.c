/* Debian's Wine 8 lacks bcryptprimitives.dll, which Go programs ask for random bytes. This one
 * asks the system itself. `make wine` builds it beside the programs that it tries. */
#include <windows.h>
#include <ntsecapi.h>

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return RtlGenRandom(data, size); }
