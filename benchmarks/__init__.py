"""What takes how long, side by side; each module says how it is run."""

from pipelines.process import prepare

prepare()  # as ``tracker`` does
