// The exceptions that end a run. A bad cell is no exception: it becomes a row (see results/journal.h).
#pragma once

#include <stdexcept>
#include <string>

namespace misfire {

// Base of the hierarchy. what() is one to three plain sentences that name the value, the limit and the remedy.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The command line cannot be acted on (exit code 2).
class UsageError : public Error {
  public:
    using Error::Error;
};

// The scenario file (or a --set on top of it) is wrong; the message names file and line where there is one (exit code
// 2).
class ScenarioError : public Error {
  public:
    using Error::Error;
};

// A data set, or one sample of it, cannot be read (exit code 2; a single bad sample is reported and left out instead).
class DataError : public Error {
  public:
    using Error::Error;
};

// A model cannot be loaded or cannot take the input (exit code 2; during a run the cell becomes a row with status
// error).
class ModelError : public Error {
  public:
    using Error::Error;
};

// Journal or result file: unreadable, unwritable, corrupt, newer than this program, or of another run (exit code 2).
class StoreError : public Error {
  public:
    using Error::Error;
};

// A broken promise inside the program: worth a bug report.
class InternalError : public Error {
  public:
    using Error::Error;
};

}  // namespace misfire
