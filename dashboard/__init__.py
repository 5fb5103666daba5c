"""The Streamlit dashboard: reads reports over the published snapshot, and nothing else."""
