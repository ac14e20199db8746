#include "CLinux.h"
int vs_hello(void){return 1;}
