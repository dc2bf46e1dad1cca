"""What a corpus tells beyond single cables: who cites whom, who signed, which words are whose, how copies differ, what readers coded."""

from cablelab.studies.coding import Codebook, agreement
from cablelab.studies.linking import Network, network
from cablelab.studies.officers import people
from cablelab.studies.releases import versions
from cablelab.studies.wording import keyness, phrase

__all__ = [
    "Codebook",
    "Network",
    "agreement",
    "keyness",
    "network",
    "people",
    "phrase",
    "versions",
]
