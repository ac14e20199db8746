// Hyperscan's streaming mode, which the matcher is measured beside.
#include <hs/hs.h>
