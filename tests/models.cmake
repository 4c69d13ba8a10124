# tests of models/
