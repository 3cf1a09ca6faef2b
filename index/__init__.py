"""Passages to the raw material of answers: encoder, lexical index, generations, search."""

import os

# Before any OpenMP runtime loads (the encoder and FAISS each bring one): threads that spin while they
# wait make a question 2.5 to 12 times slower on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OMP_NUM_THREADS", str(min(2, os.cpu_count() or 1)))
