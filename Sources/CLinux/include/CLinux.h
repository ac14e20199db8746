#pragma once
int vs_hello(void);
